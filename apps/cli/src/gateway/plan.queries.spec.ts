import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { GatewayClient } from './gateway.client.ts';
import { askPlan } from './plan.queries.ts';

interface Asked {
  readonly first: number;
  readonly offset: number;
  readonly asOf?: string;
}

const asOf = '2026-01-01T00:00:00.000Z';
const change = (rank: number) => ({ productId: `p${rank}`, from: 'bag', to: 'box', saving: 1 - rank });
const limit = { budget: { share: 0.95 } };

describe('askPlan', () => {
  let server: Server;
  let asked: Asked[];
  let count: number;
  /** The data revision that each answer is of. */
  let revisions: number[];

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      const { variables } = (await json(request)) as { variables: Asked };
      asked.push(variables);
      const { first, offset } = variables;
      const length = Math.max(0, Math.min(first, count - offset));
      const packagingPlan = {
        method: 'exact',
        today: {},
        certificate: {},
        leftOut: [],
        changeCount: count,
        changes: Array.from({ length }, (_, i) => change(offset + i)),
        model: { id: 'packaging/damage@1', version: 1, digest: 'd' },
        asOf,
        dataRevision: revisions[asked.length - 1] ?? 7,
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { packagingPlan } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    revisions = [];
    count = 22_309;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const gateway = () => new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);

  it('reads every change, page after page, at the moment of the first', async () => {
    const { changes, summary } = await askPlan(gateway(), limit);
    expect(summary.changed).toBe(count);
    expect(changes).toEqual(Array.from({ length: count }, (_, rank) => change(rank)));
    expect(asked).toEqual([
      { ...limit, first: 10_000, offset: 0 },
      { ...limit, first: 10_000, offset: 10_000, asOf },
      { ...limit, first: 2_309, offset: 20_000, asOf },
    ]);
  });

  it('reads no more than is wanted, and counts all', async () => {
    const { changes, summary } = await askPlan(gateway(), limit, 10);
    expect([changes.length, summary.changed, asked.length]).toEqual([10, count, 1]);
  });

  it('joins no pages of two plans', async () => {
    revisions = [7, 8];
    await expect(askPlan(gateway(), limit)).rejects.toMatchObject({ code: 'PLAN_CHANGED', blame: 'retry' });
  });
});
