import { writeFile } from 'node:fs/promises';
import { bundleWorkflows, prebuiltBundle } from './workflow.bundle.ts';

const { code } = await bundleWorkflows();
await writeFile(prebuiltBundle, code);
