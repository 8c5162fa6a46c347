import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findTemporal } from './temporal.binary.ts';
import { cachedTemporal } from './temporal.version.ts';

const sayVersion = '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\n';

describe('findTemporal', () => {
  let scratch: string;
  let env: { PATH: string; XDG_CACHE_HOME: string };
  let server: Server;
  let releases: string;
  let archive: Buffer | null;

  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'haat-temporal-'));
    env = { PATH: join(scratch, 'bin'), XDG_CACHE_HOME: join(scratch, 'cache') };
    mkdirSync(env.PATH);
    archive = null;
    server = createServer((_request, response) => {
      response.writeHead(archive === null ? 404 : 200).end(archive ?? undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    releases = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(scratch, { recursive: true, force: true });
  });

  const install = (path: string, script: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  };
  const find = (progress?: (message: string) => void) => findTemporal({ env, releases, progress });

  it('prefers the one on PATH', async () => {
    install(cachedTemporal(env), sayVersion);
    install(join(env.PATH, 'temporal'), sayVersion);
    await expect(find()).resolves.toEqual({ path: join(env.PATH, 'temporal'), from: 'PATH' });
  });

  it('passes over another program of that name, and takes the one in the cache', async () => {
    install(join(env.PATH, 'temporal'), '#!/bin/sh\necho "a calendar"\n');
    install(cachedTemporal(env), sayVersion);
    await expect(find()).resolves.toEqual({ path: cachedTemporal(env), from: 'cache' });
  });

  it('downloads a release once and keeps it', async () => {
    install(join(scratch, 'release', 'temporal'), sayVersion);
    archive = execFileSync('tar', ['-czf', '-', '-C', join(scratch, 'release'), 'temporal']);
    await expect(find()).resolves.toEqual({ path: cachedTemporal(env), from: 'download' });
    archive = null;
    await expect(find()).resolves.toEqual({ path: cachedTemporal(env), from: 'cache' });
    expect(readdirSync(dirname(cachedTemporal(env)))).toEqual(['temporal']);
  });

  it('builds with Go where a download is no program, and says how far it is', async () => {
    archive = Buffer.from('a captive portal');
    install(
      join(env.PATH, 'go'),
      `#!/bin/sh
echo "go: downloading go.temporal.io/api v1.53.0" >&2
echo "go.temporal.io/server/temporal" >&2
printf '%s\\n' '#!/bin/sh' 'echo "temporal version 0.0.0-DEV"' > "$GOBIN/temporal"
/bin/chmod 755 "$GOBIN/temporal"
`,
    );
    const heard: string[] = [];
    await expect(find((message) => heard.push(message))).resolves.toEqual({ path: cachedTemporal(env), from: 'build' });
    expect(heard.slice(-2)).toEqual([
      "Fetching Temporal's sources: go.temporal.io/api",
      'Building Temporal, once for this machine: 1 packages compiled',
    ]);
  });

  it('says what to install when there is nothing to get one with, and leaves nothing behind', async () => {
    await expect(find()).rejects.toMatchObject({
      code: 'TEMPORAL_NOT_FOUND',
      message: expect.stringContaining('Install Go'),
    });
    expect(readdirSync(dirname(cachedTemporal(env)))).toEqual([]);
  });

  it('shows the end of what Go said when it cannot build', async () => {
    install(join(env.PATH, 'go'), '#!/bin/sh\necho "no space left on device" >&2\nexit 1\n');
    await expect(find()).rejects.toMatchObject({
      code: 'TEMPORAL_BUILD_FAILED',
      message: expect.stringContaining('no space left on device'),
    });
    expect(existsSync(cachedTemporal(env))).toBe(false);
  });
});
