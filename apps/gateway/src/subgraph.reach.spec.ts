import { setTimeout as sleep } from 'node:timers/promises';
import { subgraphUrlVariable } from '@haat/kit';
import { subgraphs } from './config.ts';
import { subgraphReach } from './subgraph.reach.ts';
import { listening } from './testing/fake.subgraph.ts';
import { startScratchGateway } from './testing/scratch.gateway.ts';

const nowhere = 'http://127.0.0.1:1';

interface Report {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

async function readiness(url: string): Promise<{ status: number; text: string; report: Report }> {
  const answer = await fetch(`${new URL(url).origin}/health/ready`);
  const text = await answer.text();
  return { status: answer.status, text, report: JSON.parse(text) as Report };
}

const found = ({ report }: { report: Report }) => Object.fromEntries(report.checks.map(({ name, ok }) => [name, ok]));

/** The same of every subgraph. */
const all = <T>(value: T) => Object.fromEntries(subgraphs.map((name) => [name, value]));
/** Every subgraph at one address. */
const allAt = (url: string) => Object.fromEntries(subgraphs.map((name) => [subgraphUrlVariable(name), url]));

describe('the gateway is ready', () => {
  it('while it reaches every subgraph', async () => {
    const gateway = await startScratchGateway();
    const told = await readiness(gateway.url);
    expect([told.status, told.report.ready, found(told)]).toEqual([200, true, all(true)]);
    await gateway.stop();
  });

  it.each([...subgraphs])('while it reaches one of them, and tells which it does not (%s)', async (lost) => {
    const gateway = await startScratchGateway({ [subgraphUrlVariable(lost)]: nowhere });
    const told = await readiness(gateway.url);
    expect([told.status, found(told)]).toEqual([200, { ...all(true), [lost]: false }]);
    expect(told.text).not.toMatch(/127\.0|ECONN|http|fetch/);
    await gateway.stop();
  });

  it('no more when none is reached, and again when one is back, without a restart', async () => {
    let down = true;
    const subgraph = await listening((_request, response) => (down ? response.destroy() : response.end('{}')));
    const gateway = await startScratchGateway({ ...allAt(nowhere), PACKAGING_URL: subgraph.url });
    const told = await readiness(gateway.url);
    expect([told.status, told.report.ready, found(told)]).toEqual([503, false, all(false)]);
    expect(told.text).not.toMatch(/127\.0|ECONN|http|fetch|socket/);
    down = false;
    while ((await readiness(gateway.url)).status !== 200) await sleep(20);
    await gateway.stop();
    subgraph.stop();
  });

  it('not by subgraphs that take the connection and say nothing, or answer that they are not there', async () => {
    const silent = await listening(() => undefined);
    const gone = await listening((_request, response) => response.writeHead(502).end('<html>10.0.0.3</html>'));
    const gateway = await startScratchGateway({ ...allAt(gone.url), PLATFORM_URL: silent.url });
    const told = await readiness(gateway.url);
    expect([told.status, found(told)]).toEqual([503, all(false)]);
    await gateway.stop();
    silent.stop();
    gone.stop();
  });
});

describe('a look at a subgraph', () => {
  it('counts for a second, and for all who ask meanwhile', async () => {
    let looks = 0;
    const subgraph = await listening((_request, response) => {
      looks++;
      response.end('{}');
    });
    let now = 5_000;
    const check = subgraphReach({ packaging: subgraph.url }, () => now)['packaging']!;
    await Promise.all(Array.from({ length: 100 }, () => check()));
    expect(looks).toBe(1);
    now += 999;
    await check();
    expect(looks).toBe(1);
    now += 1;
    await Promise.all([check(), check()]);
    expect(looks).toBe(2);
    subgraph.stop();
  });

  it('that failed is not kept for longer', async () => {
    let now = 0;
    let status = 500;
    const subgraph = await listening((_request, response) => response.writeHead(status).end());
    const check = subgraphReach({ packaging: subgraph.url }, () => now)['packaging']!;
    await expect(check()).rejects.toThrow('/health/live is answered with 500');
    status = 200;
    await expect(check()).rejects.toThrow();
    now = 1_000;
    await check();
    subgraph.stop();
  });
});
