import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { GatewayClient } from '../gateway/gateway.client.ts';
import { completed } from '../gateway/run.queries.ts';
import { trainDemo } from './demo.training.ts';

const run = { id: 'train/1', state: 'completed', progress: null, version: { id: 'packaging/damage@1' } };

describe('trainDemo', () => {
  let server: Server;
  let champion: object | null;
  let inputs: object[];

  beforeEach(async () => {
    inputs = [];
    server = createServer(async (request, response) => {
      const { query, variables } = (await json(request)) as { query: string; variables: { input?: object } };
      if (variables.input) inputs.push(variables.input);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ data: /CliChampion/.test(query) ? { model: { champion } } : { trainModel: run, run } }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const train = async () => {
    const titles: string[] = [];
    const gateway = new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    const voice = { say: () => undefined, title: (text: string) => void titles.push(text) };
    return {
      refused: await trainDemo({ model: 'packaging/damage' }, gateway, voice, new AbortController().signal),
      titles,
    };
  };

  it('answers the version that did not pass its gates, and does not fail', async () => {
    champion = null;
    const { refused, titles } = await train();
    expect(refused).toBe('packaging/damage@1');
    expect(titles).toEqual([expect.stringContaining('did not pass its gates')]);
    // What `haat train` asks for as well, so that it finds this run.
    expect(inputs).toEqual([{ model: 'packaging/damage' }]);
  });

  it('answers nothing where a version is promoted', async () => {
    champion = { id: 'packaging/damage@1', version: 1, digest: 'd' };
    expect((await train()).refused).toBeNull();
  });
});

describe('completed', () => {
  it('says of a run that was cancelled how to try again', () => {
    const cancelled = { ...run, state: 'cancelled', error: null } as unknown as Parameters<typeof completed>[0];
    expect(() => completed(cancelled)).toThrow(/npx haat runs retry train\/1.*--key/);
  });
});
