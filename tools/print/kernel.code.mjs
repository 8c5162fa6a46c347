import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';

/** Kernels of AssemblyScript: each source, the module that holds it compiled, and the module's one constant. */
const kernels = [
  {
    source: 'libs/training/assembly/rows.kernel.ts',
    path: 'libs/training/src/network/tables/rows.kernel.code.ts',
    constant: 'rowsKernelCode',
  },
  {
    source: 'libs/risk/assembly/conditional.kernel.ts',
    path: 'libs/risk/src/model/sampler/conditional.kernel.code.ts',
    constant: 'conditionalKernelCode',
  },
  {
    source: 'libs/risk/assembly/ends.kernel.ts',
    path: 'libs/risk/src/model/contacts/ends.kernel.code.ts',
    constant: 'endsKernelCode',
  },
];

const options = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd,threads,bulk-memory'],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

/** Paths of the modules that hold compiled kernels. */
export const kernelCodePaths = kernels.map(({ path }) => path);

/** Each kernel as a module that needs no file beside it: path and text. */
export async function kernelCodes(root) {
  return Promise.all(
    kernels.map(async ({ source, path, constant }) => {
      const text = await readFile(join(root, source), 'utf8');
      const name = basename(source);
      const files = new Map();
      const { error, stderr } = await asc.main([name, '--outFile', 'kernel.wasm', ...options], {
        readFile: (file) => (file === name ? text : null),
        writeFile: (file, contents) => void files.set(file, contents),
        listFiles: () => [],
      });
      if (error) throw new Error(`${source}: ${stderr}`);
      const code = Buffer.from(files.get('kernel.wasm')).toString('base64');
      const module = [
        `/** Printed from \`${source}\` by "npm run print": a WebAssembly module, in base64. */`,
        `export const ${constant} =`,
        `  '${code}';`,
        '',
      ];
      return [path, module.join('\n')];
    }),
  );
}
