import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

/** One finding of ESLint. `severity` 2 is an error. */
export interface Finding {
  readonly rule: string | null;
  readonly severity: number;
  readonly message: string;
}

export interface LintRun {
  readonly status: number;
  readonly output: string;
  /** Findings by file, relative to the copy's root, with `/`. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
}

const leftOut = new Set(['node_modules', 'dist', 'src', 'test-output', '.git', '.nx', '.haat', 'docs', 'bench']);

/** A throw-away copy of the workspace's configuration, without its sources, in which forbidden code can be planted and linted. */
export class WorkspaceCopy {
  private constructor(readonly root: string) {}

  static async of(workspace: string): Promise<WorkspaceCopy> {
    const root = await mkdtemp(join(tmpdir(), 'haat-walls-'));
    await cp(workspace, root, {
      recursive: true,
      filter: (path) => path === workspace || !leftOut.has(basename(path)),
    });
    const copy = new WorkspaceCopy(root);
    await copy.linkPackages(workspace);
    return copy;
  }

  /** A second domain, made like the first one, and an app for it. */
  async addDomain(like: string, name: string): Promise<void> {
    for (const folder of ['libs', 'apps']) {
      const [from, to] = [join(this.root, folder, like), join(this.root, folder, name)];
      await cp(from, to, { recursive: true });
      const { default: manifest } = await import(join(from, 'package.json'), { with: { type: 'json' } });
      await this.write(join(folder, name, 'package.json'), JSON.stringify(manifest).replaceAll(like, name));
    }
    await this.linkOwn(name);
  }

  /** The installed packages of the workspace; the house's own ones are those of the copy. */
  private async linkPackages(workspace: string): Promise<void> {
    const [from, to] = [join(workspace, 'node_modules'), join(this.root, 'node_modules')];
    await mkdir(join(to, '@haat'), { recursive: true });
    for (const entry of await readdir(from)) {
      if (entry !== '@haat') await symlink(join(from, entry), join(to, entry));
    }
    for (const name of await readdir(join(this.root, 'libs'))) await this.linkOwn(name);
  }

  private linkOwn(name: string): Promise<void> {
    return symlink(join(this.root, 'libs', name), join(this.root, 'node_modules', '@haat', name));
  }

  async write(file: string, code: string): Promise<void> {
    const path = join(this.root, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  }

  /** What the boundary rule reads; Nx makes it before it runs anything. */
  async makeProjectGraph(): Promise<void> {
    const { status, stdout, stderr } = await this.run('node_modules/nx/dist/bin/nx.js', 'show', 'projects');
    if (status !== 0) throw new Error(`Nx made no project graph:\n${stdout}\n${stderr}`);
  }

  /** Bare ESLint, as an editor calls it. */
  async lint(...paths: string[]): Promise<LintRun> {
    const { status, stdout, stderr } = await this.run(
      'node_modules/eslint/bin/eslint.js',
      '--format',
      'json',
      ...paths,
    );
    const start = stdout.indexOf('[{');
    if (start < 0) throw new Error(`ESLint gave no result:\n${stdout}\n${stderr}`);
    const files = JSON.parse(stdout.slice(start)) as {
      filePath: string;
      messages: { ruleId: string | null; severity: number; message: string }[];
    }[];
    return {
      status,
      output: `${stdout.slice(0, start)}${stderr}`,
      findings: new Map(
        files.map(({ filePath, messages }) => [
          relative(this.root, filePath).replaceAll('\\', '/'),
          messages.map(({ ruleId, severity, message }) => ({ rule: ruleId, severity, message })),
        ]),
      ),
    };
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  private run(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('NX_') && name !== 'NODE_OPTIONS',
    );
    const options = {
      cwd: this.root,
      env: { ...Object.fromEntries(inherited), NX_DAEMON: 'false' },
      maxBuffer: 64 * 2 ** 20,
      timeout: 100_000,
    };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') return reject(error);
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  }
}
