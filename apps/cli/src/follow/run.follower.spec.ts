import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GatewayClient } from '../gateway/gateway.client.ts';
import { followRun, lineText, type RunLine } from './run.follower.ts';

const id = 'backfill/packaging-damage/0123456789abcdef';
const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const logLine = (second: number, workflowId: string, msg: string) =>
  `${JSON.stringify({ level: 'info', time: at(second), msg, workflowId })}\n`;

describe('followRun', () => {
  let folder: string;
  let server: Server;
  let looks: { state: string; events: object[]; then?: () => void }[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haat-follow-'));
    server = createServer((_, response) => {
      const { then, ...run } = looks.shift()!;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { run } }));
      then?.();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = async (until: boolean) => {
    const lines: RunLine[] = [];
    const gateway = new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    await followRun({ gateway, workerLog: join(folder, 'worker.log') }, id, until, (line) => lines.push(line));
    return lines.map(lineText);
  };

  it('tells what happened and what the worker logged for this run alone, by time', async () => {
    writeFileSync(join(folder, 'worker.log'), logLine(2, id, 'mine') + logLine(1, 'other', `not ${id}`) + 'no JSON\n');
    looks = [{ state: 'running', events: [{ number: 1, at: at(3), text: 'started' }] }];
    expect(await follow(false)).toEqual([`${at(2)}  worker  info: mine`, `${at(3)}  run     started`]);
  });

  it('goes on until the run has ended, and tells each line once', async () => {
    const more = () => appendFileSync(join(folder, 'worker.log'), logLine(4, id, 'later'));
    looks = [
      { state: 'running', events: [{ number: 1, at: at(1), text: 'started' }] },
      { state: 'running', events: [], then: more },
      { state: 'completed', events: [{ number: 2, at: at(5), text: 'completed' }] },
    ];
    expect(await follow(true)).toEqual([
      `${at(1)}  run     started`,
      `${at(4)}  worker  info: later`,
      `${at(5)}  run     completed`,
    ]);
  });
});
