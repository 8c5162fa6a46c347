import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { subgraphUrlVariable } from '@haat/kit';
import { configSchema, subgraphs as names } from '../config.ts';
import { GatewayModule } from '../gateway.module.ts';
import { fakeSubgraph, type FakeSubgraph } from './fake.subgraph.ts';
import { gatewayEnv, signed } from './token.issuer.ts';

export interface ScratchGateway {
  readonly app: RunningApp;
  readonly url: string;
  readonly subgraphs: readonly FakeSubgraph[];
  /** Requests that any subgraph has got. */
  asked(): number;
  stop(): Promise<void>;
}

/** The gateway over the committed supergraph and fake subgraphs, or over those at `env`'s addresses. */
export async function startScratchGateway(env: Readonly<Record<string, string>> = {}): Promise<ScratchGateway> {
  const subgraphs = await Promise.all(names.map((name) => fakeSubgraph(name)));
  const addresses = names.map((name, at) => [subgraphUrlVariable(name), subgraphs[at]!.url]);
  const app = await startApp(
    { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config) },
    { ...gatewayEnv, ...Object.fromEntries(addresses), ...env },
    createLogger('gateway', 'silent'),
  );
  return {
    app,
    url: `${app.url}/graphql`,
    subgraphs,
    asked: () => subgraphs.reduce((sum, { asked }) => sum + asked, 0),
    async stop() {
      await app.close();
      subgraphs.forEach((one) => one.stop());
    },
  };
}

export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

/** Posts as an administrator. */
export async function post(
  url: string,
  body: unknown,
  init: RequestInit = {},
): Promise<{ status: number; text: string; body: GraphqlAnswer }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await signed()}` },
    body: JSON.stringify(body),
    ...init,
  });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as GraphqlAnswer };
}
