import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modelCard } from '@haat/kit';
import { code, printedFrom, table } from './markdown.mjs';

/** Every declared model: what `libs/<domain>/src/model/*.model.ts` exports. */
async function definitions(root) {
  const found = [];
  for (const file of globSync('libs/*/src/model/*.model.ts', { cwd: root }).sort()) {
    const built = join(root, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    const exported = Object.values(await import(pathToFileURL(built).href));
    found.push(...exported.filter((value) => value?.features && value.gates).map((definition) => [definition, file]));
  }
  return found;
}

/** `docs/models/<domain>-<model>.md` of every declared model, from its card. */
export async function modelPages(root) {
  return (await definitions(root)).map(([definition, file]) => [
    `docs/models/${definition.name.replace('/', '-')}.md`,
    page(modelCard(definition), file),
  ]);
}

function page(card, file) {
  const columns = (specs, extra = () => []) =>
    Object.entries(specs).map(([name, spec]) => [
      code(name),
      [spec.dtype, ...(spec.sizes ? [`[${spec.sizes.join(', ')}]`] : [])].join(' '),
      ...extra(spec),
      code(spec.unit),
      spec.doc,
    ]);
  const { maxBatch, timeoutMs, record, fallback, shadowTolerance = 0 } = card.serving;
  return [
    printedFrom(code(file)),
    `# ${card.title}`,
    `${code(card.name)}, kind ${code(card.kind)}, owned by ${card.owner}.`,
    card.intendedUse,
    '## Limits',
    card.limitations.map((line) => `- ${line}`).join('\n'),
    '## How it is trained',
    `${card.recipe.algorithm} Source: ${card.recipe.source}`,
    `Target: ${card.target.doc} (${code(card.target.unit)})`,
    ...(card.kind === 'network' ? networkText(card.network) : []),
    table(['Option', 'Default', 'Accepts', 'Meaning'], properties(card.options)),
    '## One input',
    table(['Field', 'Default', 'Accepts', 'Meaning'], properties(card.input)),
    ...(card.kind === 'sampler'
      ? ['## Outputs']
      : [
          '## Columns of the graph',
          table(['Column', 'Type', 'Unit', 'Meaning'], columns(card.features)),
          '## Outputs of the graph',
        ]),
    table(
      ['Output', 'Type', 'Shape', 'Unit', 'Meaning'],
      columns(card.outputs, ({ shape }) => [`[${shape.join(', ')}]`]),
    ),
    ...(card.inference === undefined
      ? []
      : [
          '## Options of a run of inference',
          table(['Option', 'Default', 'Accepts', 'Meaning'], properties(card.inference)),
        ]),
    ...(card.simulation === undefined
      ? []
      : [
          '## Options of a simulation of policies',
          table(['Option', 'Default', 'Accepts', 'Meaning'], properties(card.simulation)),
        ]),
    '## Metrics on the held-out part',
    table(
      ['Metric', 'Unit', 'Better', 'Meaning'],
      Object.entries(card.metrics).map(([name, { unit, better, doc }]) => [code(name), code(unit), better, doc]),
    ),
    '## Gates',
    card.gates.map((gate) => `- ${gateText(gate)}`).join('\n'),
    '## Promotion',
    promotionText(card.promotion),
    '## Serving',
    ...(card.kind === 'sampler'
      ? [`Runs of inference answer. Without one: ${fallback}.`]
      : [
          `At most ${maxBatch} rows a run; ${timeoutMs} ms a request; ${record * 100} % of the predictions are recorded. Without a promoted ` +
            `version: ${fallback}`,
          `A shadow's answer counts as another one where an output differs by more than ${shadowTolerance}.`,
        ]),
  ].join('\n\n');
}

/** The network with the default options. */
function networkText({ description, parameters, tensors, optimizer, seed }) {
  return [
    `The network: ${description}. ${parameters.toLocaleString('en')} parameters, first drawn by seed ${seed}; ${optimizer}.`,
    table(
      ['Tensor', 'Type'],
      Object.entries(tensors).map(([name, type]) => [code(name), type]),
    ),
  ];
}

function promotionText(promotion) {
  if (promotion.policy === 'automatic') {
    return 'Automatic: a run promotes what it trained when all gates pass, unless it was asked to wait for an approval.';
  }
  return `By approval: when all gates pass, a run waits ${promotion.timeoutHours} hours for an operator; without an answer the version is not promoted.`;
}

function gateText(gate) {
  if ('atMost' in gate) return `${code(gate.metric)} at most ${gate.atMost}`;
  if ('atLeast' in gate) return `${code(gate.metric)} at least ${gate.atLeast}`;
  return `${code(gate.metric)} no worse than the champion's, within the interval of a paired bootstrap`;
}

function properties(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => [
    code(name),
    property.default === undefined
      ? required.has(name)
        ? '**must be given**'
        : ''
      : code(JSON.stringify(property.default)),
    accepted(property),
    property.description ?? '',
  ]);
}

function accepted(property) {
  if (property.enum) return property.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (property.anyOf) return property.anyOf.map(accepted).join(' or ');
  const above = property.exclusiveMinimum !== undefined ? `above ${property.exclusiveMinimum}` : '';
  const least = property.minimum !== undefined && property.minimum > -1e15 ? `at least ${property.minimum}` : '';
  const most = property.maximum !== undefined && property.maximum < 1e15 ? `at most ${property.maximum}` : '';
  return [property.type, above, least, most].filter(Boolean).join(', ');
}
