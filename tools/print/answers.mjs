import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { developmentToken, homeAt } from '@haat/dev-stack';
import prettier from 'prettier';

const root = fileURLToPath(new URL('../..', import.meta.url));
const gateway = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
const token =
  process.env.HAAT_TOKEN || (await developmentToken(homeAt(process.env.HAAT_HOME || join(root, '.haat')), 300));
const [start, end] = ['<!-- answers -->', '<!-- /answers -->'];

/** Puts the demo's questions and what a running demo stack answers to them into README.md. */
const { demoQuestions } = await import(
  pathToFileURL(join(root, 'apps', 'cli', 'dist', 'demo', 'demo.questions.js')).href
);
const sections = [];
for (const { title, query } of await demoQuestions()) {
  const response = await fetch(gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`"${title}" was answered by errors: ${JSON.stringify(errors)}`);
  sections.push(`### ${title}\n\n\`\`\`graphql\n${query}\n\`\`\`\n\n\`\`\`json\n${compact(data)}\n\`\`\``);
}

/** Two-space JSON with objects of numbers and short words on one line. */
function compact(data) {
  return JSON.stringify(data, null, 2).replace(/\{\n\s+([^{}[\]]+?)\n\s+\}/g, (whole, fields) => {
    const line = `{ ${fields.replace(/\n\s+/g, ' ')} }`;
    return line.length <= 110 ? line : whole;
  });
}

const readme = join(root, 'README.md');
const text = await readFile(readme, 'utf8');
const [head, rest] = text.split(start);
const tail = rest.split(end)[1];
const options = { ...(await prettier.resolveConfig(readme)), parser: 'markdown' };
await writeFile(readme, await prettier.format(`${head}${start}\n\n${sections.join('\n\n')}\n\n${end}${tail}`, options));
