import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const source = 'libs/training/assembly/rows.kernel.ts';

/** Path of the module that holds the compiled kernel. */
export const kernelCodePath = 'libs/training/src/network/tables/rows.kernel.code.ts';

const options = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd,threads,bulk-memory'],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

/** The kernel of embedding rows, compiled by AssemblyScript: a module that needs no file beside it. */
export async function kernelCode(root) {
  const text = await readFile(join(root, source), 'utf8');
  const files = new Map();
  const { error, stderr } = await asc.main(['rows.kernel.ts', '--outFile', 'rows.wasm', ...options], {
    readFile: (name) => (name === 'rows.kernel.ts' ? text : null),
    writeFile: (name, contents) => void files.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${source}: ${stderr}`);
  return [
    `/** Printed from \`${source}\` by "npm run print": a WebAssembly module, in base64. */`,
    `export const rowsKernelCode =`,
    `  '${Buffer.from(files.get('rows.wasm')).toString('base64')}';`,
    '',
  ].join('\n');
}
