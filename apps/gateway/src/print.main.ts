import { writeFile } from 'node:fs/promises';
import { supergraphFile } from './gateway.module.ts';
import { composeCommitted } from './supergraph.composer.ts';

await writeFile(supergraphFile, await composeCommitted());
