import { writeFile } from 'node:fs/promises';
import { printSchema, schemaFile } from './schema.printer.ts';

await writeFile(schemaFile, await printSchema());
