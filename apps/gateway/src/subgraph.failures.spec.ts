import { once } from 'node:events';
import { connect } from 'node:net';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listening } from './testing/fake.subgraph.ts';
import { post, startScratchGateway } from './testing/scratch.gateway.ts';
import { signed } from './testing/token.issuer.ts';

const both = '{ models { title } product(id: "p1") { id category } }';
const json = { 'content-type': 'application/json' };

/** What a broken packaging subgraph does with a request. */
const breakages: readonly (readonly [string, (response: ServerResponse) => unknown])[] = [
  ['hangs', () => undefined],
  ['answers html', (response) => response.end('<html>10.0.0.3:5432</html>')],
  ['answers html as JSON', (response) => response.writeHead(200, json).end('<html>10.0.0.3:5432</html>')],
  [
    'answers half a body',
    (response) => response.writeHead(200, { ...json, 'content-length': '500' }).end('{"data":{"product":'),
  ],
  [
    'breaks off in the middle',
    (response) => {
      response.writeHead(200, json).write('{"data":{"product":{"id":');
      setTimeout(() => response.destroy(), 20);
    },
  ],
  ['hangs in the middle', (response) => response.writeHead(200, json).write('{"data":{"product":{"id":')],
  ['breaks off at once', (response) => response.destroy()],
  [
    'answers 500 with a stack',
    (response) => response.writeHead(500, json).end('{"stack":"at /srv/haat/x.ts:3 10.0.0.3:5432"}'),
  ],
  ['answers a number', (response) => response.writeHead(200, json).end('17')],
  ['answers null', (response) => response.writeHead(200, json).end('null')],
  ['answers an empty body', (response) => response.writeHead(200, json).end()],
  ['answers errors that are none', (response) => response.writeHead(200, json).end('{"errors":"10.0.0.3:5432"}')],
  ['answers a wrong type', (response) => response.writeHead(200, json).end('{"data":{"product":"10.0.0.3:5432"}}')],
  [
    'answers an error of its inside',
    (response) =>
      response
        .writeHead(200, json)
        .end(
          '{"errors":[{"message":"connect ECONNREFUSED 10.0.0.3:5432","extensions":{"stacktrace":["at /srv/x.ts"]}}]}',
        ),
  ],
];

describe('a subgraph that is broken', () => {
  let behave: (response: ServerResponse) => unknown;
  let broken: Awaited<ReturnType<typeof listening>>;
  let gateway: Awaited<ReturnType<typeof startScratchGateway>>;

  beforeAll(async () => {
    broken = await listening((_request, response) => behave(response));
    gateway = await startScratchGateway({ PACKAGING_URL: broken.url, SUBGRAPH_TIMEOUT_MS: '300' });
    // The very first plan takes long, and no part of what is answered to it may be late.
    behave = (response) => response.destroy();
    await post(gateway.url, { query: both });
  });
  afterAll(async () => {
    await gateway.stop();
    broken.stop();
  });

  it.each(breakages)('that %s loses its part only, and nothing of its inside is told', async (_what, how) => {
    behave = how;
    const { status, body, text } = await post(gateway.url, { query: both });
    expect(status).toBe(200);
    expect(body.data).toEqual({ models: [{ title: 'text' }, { title: 'text' }], product: null });
    expect(body.errors!.length).toBeGreaterThan(0);
    for (const { extensions, path } of body.errors!) {
      expect(extensions.code).toMatch(/^(SERVICE_UNAVAILABLE|ANSWER_OF_WRONG_TYPE|INTERNAL)$/);
      expect(path).toEqual(['product']);
    }
    expect(text).not.toMatch(/127\.0\.0\.1|10\.0\.0\.3|5432|ECONN|srv|\.ts|html|stack|Unexpected|JSON|http/);
  });

  it('is counted as failed in the metrics', async () => {
    behave = (response) => response.destroy();
    await post(gateway.url, { query: both });
    const metrics = await (await fetch(`${gateway.app.url}/metrics`)).text();
    expect(metrics).toMatch(/haat_subgraph_failures_total\{subgraph="packaging",app="gateway"\} [1-9]/);
    expect(metrics).toMatch(/haat_subgraph_seconds_count\{app="gateway",subgraph="platform",outcome="ok"\} [1-9]/);
  });
});

describe('a subgraph whose connection breaks', () => {
  const plan = 'query { product(id: "p1") { id category } }';
  const train = 'mutation { trainModel(input: { model: "packaging/damage" }) { id } }';

  /** A subgraph that lets the first `breaks` requests after the first one (which warms up) break, and then answers `data`. */
  async function breaking(data: object, breaks: number, breakOff: (response: ServerResponse) => unknown) {
    let asked = 0;
    const server = await listening((_request, response) => {
      const breaksNow = asked > 0 && asked <= breaks;
      asked++;
      return breaksNow ? breakOff(response) : response.writeHead(200, json).end(JSON.stringify({ data }));
    });
    return { ...server, askedSince: () => asked - 1 };
  }
  const atOnce = (response: ServerResponse) => response.destroy();
  const inTheMiddle = (response: ServerResponse) => {
    response.writeHead(200, json).write('{"data":');
    setTimeout(() => response.destroy(), 20);
  };
  const product = { product: { __typename: 'Product', id: 'p1', category: 'toys' } };

  it.each([
    ['once', 'is asked a query again', 1, atOnce, 2, []],
    ['twice', 'is not asked a third time', 2, atOnce, 2, ['SERVICE_UNAVAILABLE']],
    ['in the middle of an answer', 'is not asked again', 1, inTheMiddle, 1, ['SERVICE_UNAVAILABLE']],
  ])('%s %s', async (_when, _what, breaks, breakOff, asked, codes) => {
    const subgraph = await breaking(product, breaks, breakOff);
    const gateway = await startScratchGateway({ PACKAGING_URL: subgraph.url });
    await post(gateway.url, { query: plan });
    const { body } = await post(gateway.url, { query: plan });
    expect((body.errors ?? []).map(({ extensions }) => extensions['code'])).toEqual(codes);
    expect(body.data).toEqual(codes.length > 0 ? undefined : { product: { id: 'p1', category: 'toys' } });
    expect(subgraph.askedSince()).toBe(asked);
    await gateway.stop();
    subgraph.stop();
  });

  it('is not asked a mutation again, which it may have done', async () => {
    const subgraph = await breaking({ trainModel: { id: 'train/1' } }, 1, atOnce);
    const gateway = await startScratchGateway({ PLATFORM_URL: subgraph.url });
    expect((await post(gateway.url, { query: train })).body).toEqual({ data: { trainModel: { id: 'train/1' } } });
    const { body } = await post(gateway.url, { query: train });
    expect(body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(subgraph.askedSince()).toBe(1);
    await gateway.stop();
    subgraph.stop();
  });
});

describe('time', () => {
  /** A packaging subgraph that never answers, and tells when it is asked and when it is left. */
  async function hanging() {
    const asked: ServerResponse[] = [];
    const server = await listening((_request, response) => void asked.push(response));
    const untilAsked = async () => {
      while (asked.length === 0) await sleep(2);
      return asked[0]!;
    };
    return { ...server, untilAsked };
  }

  it('of a whole request is bounded: it is answered, and what it asked for is cancelled', async () => {
    const subgraph = await hanging();
    const gateway = await startScratchGateway({ PACKAGING_URL: subgraph.url, REQUEST_TIMEOUT_MS: '200' });
    // The very first plan may take longer than that; from the second question on the subgraph is asked.
    for (let question = 0; question < 2; question++) {
      expect(await post(gateway.url, { query: both })).toMatchObject({
        status: 504,
        body: { errors: [{ extensions: { code: 'REQUEST_TIMED_OUT', details: { limitMs: 200 } } }] },
      });
    }
    const asked = await subgraph.untilAsked();
    if (!asked.closed) await once(asked, 'close');
    await gateway.stop();
    subgraph.stop();
  });

  it('is not spent on a client that left', async () => {
    const subgraph = await hanging();
    const gateway = await startScratchGateway({ PACKAGING_URL: subgraph.url });
    const leave = new AbortController();
    const answer = post(
      gateway.url,
      { query: both },
      { signal: leave.signal, body: JSON.stringify({ query: both }) },
    ).catch(() => 'left');
    const left = once(await subgraph.untilAsked(), 'close');
    leave.abort();
    expect(await answer).toBe('left');
    await left;
    await gateway.stop();
    subgraph.stop();
  });

  /** Opens a connection to `port`, sends `text`, and resolves with what came until the other side closed it. */
  function untilClosed(port: number, text: string): Promise<string> {
    return new Promise((resolve) => {
      let said = '';
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(text));
      socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end());
      socket.on('close', () => resolve(said));
    });
  }

  const postHead = async (length: number) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await signed()}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

  it.each([
    ['nothing', async () => ''],
    ['half of its headers', async () => 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-'],
    ['half of its body', async () => `${await postHead(900)}{"query":`],
  ])('is not waited for a client that sends %s: its connection is closed', async (_what, sent) => {
    const text = await sent();
    const gateway = await startScratchGateway({ RECEIVE_TIMEOUT_MS: '150' });
    expect(await untilClosed(Number(new URL(gateway.url).port), text)).toMatch(/^(HTTP\/1\.1 408 |$)/);
    await gateway.stop();
  });

  it('is not waited for a client that reads no more', async () => {
    const subgraph = await hanging();
    const gateway = await startScratchGateway({ PACKAGING_URL: subgraph.url, STALL_TIMEOUT_MS: '200' });
    const body = JSON.stringify({ query: both });
    const request = `${await postHead(body.length)}${body}`;
    expect(await untilClosed(Number(new URL(gateway.url).port), request)).toBe('');
    await gateway.stop();
    subgraph.stop();
  });
});
