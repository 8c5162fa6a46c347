import { readFileSync } from 'node:fs';

interface Manifest {
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly name?: string; readonly hasInstallScript?: boolean }>>;
}

const read = <T>(file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')) as T;

describe('what may run at installation', () => {
  const { allowScripts } = read<Manifest>('package.json');
  const scripted = Object.entries(read<Lock>('package-lock.json').packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path, { name }]) => name ?? path.split('node_modules/').at(-1)!);

  it('is listed, each package', () => {
    expect(scripted.filter((name) => allowScripts[name] === undefined)).toEqual([]);
    expect(scripted.length).toBeGreaterThan(3);
  });

  it('is not the script of onnxruntime-node, which fetches CUDA: npm before 11.19 obeys the lock file alone', () => {
    // Where an "npm install" has brought the mark back: take its "hasInstallScript" out of package-lock.json again.
    expect(allowScripts['onnxruntime-node']).toBe(false);
    expect(scripted).not.toContain('onnxruntime-node');
  });
});
