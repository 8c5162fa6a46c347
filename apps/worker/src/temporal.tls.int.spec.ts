import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectPlain, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { certificateAuthority, type CertificateAuthority } from '@haat/data-access/testing';
import { readConfig } from '@haat/platform';
import { connectTemporal, startTraining, temporalAccess, trainInput, type Temporal } from '@haat/workflows/client';
import { configSchema } from './config.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

let platform: ScratchPlatform;
let ours: CertificateAuthority;
let proxy: Server;
/** The settings of a client that is let in. */
let settings: Readonly<Record<string, string>>;
let otherCa: string;
let foreign: Readonly<Record<string, string>>;

const written = (name: string, text: string) => {
  const file = join(platform.folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

/** Mutual TLS in front of a server that knows none, as a balancer or a service mesh puts it. */
async function startProxy(authority: CertificateAuthority, address: string): Promise<Server> {
  const [host, port] = address.split(':');
  const { cert, key } = await authority.issue('temporal.example');
  const server = createServer(
    { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    (incoming) => {
      const outgoing = connectPlain(Number(port), host);
      incoming.on('error', () => outgoing.destroy()).on('close', () => outgoing.destroy());
      outgoing.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    },
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

beforeAll(async () => {
  platform = await startScratchPlatform();
  const other = await certificateAuthority('Another');
  ours = await certificateAuthority('Ours');
  proxy = await startProxy(ours, platform.env['TEMPORAL_ADDRESS']!);
  const client = await ours.issue();
  const stranger = await other.issue();
  settings = {
    TEMPORAL_ADDRESS: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    TEMPORAL_TLS_CA_FILE: written('ca.pem', ours.cert),
    TEMPORAL_TLS_CERT_FILE: written('client.pem', client.cert),
    TEMPORAL_TLS_KEY_FILE: written('client.key', client.key),
    TEMPORAL_TLS_SERVER_NAME: 'temporal.example',
  };
  otherCa = written('other.pem', other.cert);
  foreign = {
    TEMPORAL_TLS_CERT_FILE: written('stranger.pem', stranger.cert),
    TEMPORAL_TLS_KEY_FILE: written('stranger.key', stranger.key),
  };
}, 900_000);

afterAll(async () => {
  proxy?.close();
  await platform?.stop();
});

const accessBy = (changed: Readonly<Record<string, string>>) =>
  temporalAccess(readConfig(configSchema, { PORT: '0', ...platform.env, ...settings, ...changed }));
const connecting = (changed: Readonly<Record<string, string>> = {}): Promise<Temporal> =>
  connectTemporal({ ...accessBy(changed), timeoutMs: 1_000 });

describe('TLS to Temporal, by the settings alone', () => {
  it('lets a platform start a run and a worker do it, both by certificates', async () => {
    const temporal = await connecting();
    await temporal.check();
    let worker: WorkerProcess | undefined;
    try {
      worker = await startWorkerProcess('./toy.worker.ts', { ...platform.env, ...settings });
      const input = trainInput(
        { model: 'packaging/toy', options: {}, dataRevision: '1', idempotencyKey: randomUUID() },
        new Date('2026-01-01T00:00:00Z'),
      );
      expect(await (await startTraining(temporal, input)).result()).toMatchObject({ ref: { version: 1 } });
    } finally {
      await worker?.end('SIGTERM');
      await temporal.close();
    }
  });

  it.each([
    ['another CA', () => ({ TEMPORAL_TLS_CA_FILE: otherCa }), /does not lead to a CA.*TEMPORAL_TLS_CA_FILE/],
    ['no CA', () => ({ TEMPORAL_TLS_CA_FILE: '' }), /does not lead to a CA.*TEMPORAL_TLS_CA_FILE/],
    [
      'no certificate of ours',
      () => ({ TEMPORAL_TLS_CERT_FILE: '', TEMPORAL_TLS_KEY_FILE: '' }),
      /TEMPORAL_TLS_CERT_FILE/,
    ],
    ['a certificate of another CA', () => foreign, /TEMPORAL_TLS_CERT_FILE/],
    ['another name', () => ({ TEMPORAL_TLS_SERVER_NAME: 'other.example' }), /another name.*TEMPORAL_TLS_SERVER_NAME/],
    ['a server without TLS', () => ({ TEMPORAL_ADDRESS: platform.env['TEMPORAL_ADDRESS']! }), /speaks no TLS/],
    [
      'no TLS where the server demands it',
      () => Object.fromEntries(Object.keys(settings).flatMap((name) => (name.includes('TLS') ? [[name, '']] : []))),
      /speaks TLS.*TEMPORAL_TLS=on/,
    ],
  ])('is refused with what to do: %s', async (_what, changed, said) => {
    await expect(connecting(changed())).rejects.toMatchObject({
      code: 'TEMPORAL_TLS_REFUSED',
      blame: 'caller',
      message: expect.stringMatching(said),
    });
  });

  it('ends the start of a worker that is not let in, with the same words', async () => {
    const { startTemporalWorkers } = await import('./temporal.workers.ts');
    const config = readConfig(configSchema, {
      PORT: '0',
      ...platform.env,
      ...settings,
      TEMPORAL_TLS_CA_FILE: otherCa,
    });
    const interceptor = () => ({ inbound: {} });
    await expect(startTemporalWorkers(config, {}, interceptor, null)).rejects.toMatchObject({
      code: 'TEMPORAL_TLS_REFUSED',
      message: expect.stringContaining('TEMPORAL_TLS_CA_FILE'),
    });
  });

  it('does not blame TLS where nobody answers', async () => {
    await expect(connecting({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).rejects.toMatchObject({
      code: 'TEMPORAL_UNREACHABLE',
    });
  });
});
