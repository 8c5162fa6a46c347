import { z } from 'zod';

import { portsFrom, readState } from '@haat/dev-stack';
import { readConfig, temporalVariables } from '@haat/platform';
import { connectTemporal, temporalAccess, type Temporal, type TemporalAccess } from '@haat/workflows/client';

import { homeOf, portBaseOf, type CliContext, type CommonOptions } from '../cli.context.ts';

/** The Temporal server of TEMPORAL_ADDRESS (and its TLS variables), else that of the stack that runs. */
export function stackTemporalAccess(context: CliContext, options: CommonOptions): TemporalAccess {
  const port = (readState(homeOf(context, options))?.ports ?? portsFrom(portBaseOf(context, undefined))).temporal;
  const address = context.env.TEMPORAL_ADDRESS || `127.0.0.1:${port}`;
  return temporalAccess(readConfig(z.object(temporalVariables), { ...context.env, TEMPORAL_ADDRESS: address }));
}

/** Errors: TEMPORAL_UNREACHABLE, TEMPORAL_ACCESS_UNUSABLE. */
export function connectStackTemporal(context: CliContext, options: CommonOptions): Promise<Temporal> {
  return connectTemporal(stackTemporalAccess(context, options));
}
