import { domains, type Domain } from '@haat/kit';

import { cliError } from '../cli.errors.ts';
import type { DomainTools, ModelTools } from './domain.tools.ts';
import { packagingTools } from './packaging/packaging.tools.ts';
import { riskTools } from './risk/risk.tools.ts';

/** The domains of the house as the command line knows them. */
export const domainTools: Readonly<Record<Domain, DomainTools>> = {
  packaging: packagingTools,
  risk: riskTools,
};

const models = Object.assign({}, ...domains.map((domain) => domainTools[domain].models)) as DomainTools['models'];

/** @throws UNKNOWN_MODEL unless the command line knows the model */
export function requireModel(name: string): void {
  if (Object.hasOwn(models, name)) return;
  throw cliError('UNKNOWN_MODEL', `There is no model "${name}". Known: ${Object.keys(models).join(', ')}`, {
    model: name,
  });
}

/** @throws UNKNOWN_MODEL */
export function modelTools(name: string): Promise<ModelTools> {
  requireModel(name);
  return models[name]!();
}
