import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { askEntities, type EntityQuestion } from './entity.queries.ts';
import { GatewayClient } from './gateway.client.ts';

interface Node {
  readonly size: number | null;
}

const question: EntityQuestion<Node> = {
  selection: (id) => `thing(id: ${id}) { size }`,
  answer: ({ size }) => ({ size }),
  ownErrors: ['UNKNOWN_THING'],
  perRequest: 3,
};
const errorAt = (code: string, ...path: readonly string[]) => ({ message: code, path, extensions: { code } });

describe('askEntities', () => {
  let server: Server;
  let asked: Record<string, string>[];
  /** What is answered to the ids of one request. */
  let answer: (ids: Readonly<Record<string, string>>) => object;
  beforeEach(async () => {
    asked = [];
    answer = (ids) => ({
      data: Object.fromEntries(Object.entries(ids).map(([name, id]) => [`e${name.slice(1)}`, { size: Number(id) }])),
    });
    server = createServer(async (request, response) => {
      const { variables } = (await json(request)) as { variables: Record<string, string> };
      asked.push(variables);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(variables)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const ask = (...ids: readonly string[]) =>
    askEntities(new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`), question, ids);

  it('answers in the order of the ids, as many of a request as the question says', async () => {
    expect(await ask('4', '1', '3', '2')).toEqual([{ size: 4 }, { size: 1 }, { size: 3 }, { size: 2 }]);
    expect(asked).toEqual([{ i0: '4', i1: '1', i2: '3' }, { i0: '2' }]);
    expect(await ask()).toEqual([]);
  });

  it('tells what is wrong with one in its place', async () => {
    answer = () => ({ data: { e0: null, e1: { size: 1 } }, errors: [errorAt('UNKNOWN_THING', 'e0')] });
    expect(await ask('0', '1')).toEqual([expect.objectContaining({ code: 'UNKNOWN_THING' }), { size: 1 }]);
  });

  it('takes for no answer what an error left of one', async () => {
    answer = () => ({ data: { e0: { size: null } }, errors: [errorAt('NOT_READY', 'e0', 'size')] });
    await expect(ask('0')).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  it('throws what stands in the way of all, and says so where nothing was answered', async () => {
    answer = () => ({ data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] });
    await expect(ask('0', '1')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    answer = () => ({ data: { e0: null } });
    await expect(ask('0')).rejects.toThrow('it leaves out entities without a word');
  });
});
