import { execFile, type ExecFileException } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Ended {
  readonly status: number;
  readonly text: string;
}

/** A throw-away copy of the workspace's sources with what was built of them, in which generators may write. */
export class WorkspaceCopy {
  /** Ends what still runs in the copy. */
  readonly #end = new AbortController();

  private constructor(readonly root: string) {}

  /** Packages from npm are those of the workspace; the house's own are the copy's. */
  static async of(workspace: string): Promise<WorkspaceCopy> {
    const copy = new WorkspaceCopy(await mkdtemp(join(tmpdir(), 'haat-generated-')));
    const listed = await run(workspace, 'git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
    for (const file of listed.text.split('\0').filter((name) => name !== '')) {
      await mkdir(dirname(join(copy.root, file)), { recursive: true });
      await cp(join(workspace, file), join(copy.root, file));
    }
    const projects = [
      ...(await readdir(join(workspace, 'libs'))).map((name) => `libs/${name}`),
      ...(await readdir(join(workspace, 'apps'))).map((name) => `apps/${name}`),
    ];
    for (const project of projects)
      await cp(join(workspace, project, 'dist'), join(copy.root, project, 'dist'), { recursive: true });
    await copy.linkPackages(join(workspace, 'node_modules'));
    return copy;
  }

  /** A program of the workspace's packages, to its end: `nx`, `tsc`, `haat`. */
  run(program: keyof typeof programs, ...args: readonly string[]): Promise<Ended> {
    return run(this.root, process.execPath, [join(this.root, programs[program]), ...args], {}, this.#end.signal);
  }

  /** As `run`. @throws Error with what it said where it fails */
  async pass(program: keyof typeof programs, ...args: readonly string[]): Promise<string> {
    const { status, text } = await this.run(program, ...args);
    if (status === 0) return text;
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${text}`);
  }

  /** Files that differ from the workspace's, or are new. */
  async changed(workspace: string): Promise<readonly string[]> {
    const index = join(await this.gitFolder(workspace), 'index');
    const { text } = await run(this.root, 'git', ['ls-files', '--modified', '--others', '--exclude-standard', '-z'], {
      GIT_DIR: await this.gitFolder(workspace),
      GIT_WORK_TREE: this.root,
      GIT_INDEX_FILE: index,
    });
    return [...new Set(text.split('\0').filter((name) => name !== ''))];
  }

  async remove(): Promise<void> {
    this.#end.abort();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private async gitFolder(workspace: string): Promise<string> {
    return (await run(workspace, 'git', ['rev-parse', '--absolute-git-dir'])).text.trim();
  }

  private async linkPackages(from: string): Promise<void> {
    const to = join(this.root, 'node_modules');
    await mkdir(to);
    for (const entry of await readdir(from))
      if (entry !== '@haat' && entry !== '.cache') await symlink(join(from, entry), join(to, entry));
    await cp(join(from, '@haat'), join(to, '@haat'), { recursive: true, verbatimSymlinks: true });
  }
}

const programs = {
  nx: 'node_modules/nx/dist/bin/nx.js',
  tsc: 'node_modules/typescript/bin/tsc',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  knip: 'node_modules/knip/bin/knip.js',
  print: 'tools/print/all.mjs',
  haat: 'apps/cli/dist/main.js',
} as const;

/** Nx looks for its workspace from the folder up, and not for the one that runs this test. */
function run(
  cwd: string,
  file: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('NX_') && !name.startsWith('HAAT_') && name !== 'NODE_OPTIONS',
  );
  const env = { ...Object.fromEntries(inherited), NX_DAEMON: 'false', NX_TUI: 'false', ...more };
  return new Promise((resolve, reject) => {
    execFile(
      file,
      args,
      { cwd, env, signal, maxBuffer: 64 * 2 ** 20 },
      (error: ExecFileException | null, stdout, stderr) => {
        if (error && typeof error.code !== 'number') return reject(error);
        resolve({ status: error ? Number(error.code) : 0, text: `${stdout}${stderr}` });
      },
    );
  });
}
