import { createHash } from 'node:crypto';
import { describeModel, withMetadata } from '@haat/onnx';
import { z } from 'zod';
import type { ArtifactMetadata } from './artifact.ts';
import { runtimeError } from './runtime.errors.ts';

/** SHA-256 of the bytes, in hex: what names an artifact. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const parts = ['card', 'lineage', 'golden', 'context'] as const;

/** `{`: no ONNX file begins with it, since a field's number and wire type come first there (0x08, the version of the format). */
const OPENING_BRACE = 0x7b;

/** Whether an artifact holds a graph, or parameters alone. */
export function hasGraph(bytes: Uint8Array): boolean {
  return bytes[0] !== OPENING_BRACE;
}

/**
 * One file: a graph with card, lineage, replay cases and context in its metadata; without a graph (null) these parts as a JSON
 * object. The same arguments give the same bytes.
 * Errors: NOT_AN_ONNX_FILE, INVALID_GRAPH (the graph has such metadata already).
 */
export function writeArtifact(graph: Uint8Array | null, metadata: ArtifactMetadata): Uint8Array {
  const entries = Object.fromEntries(parts.map((part) => [`haat.${part}`, JSON.stringify(metadata[part])]));
  if (graph !== null) return withMetadata(graph, entries);
  const body = Object.entries(entries).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return new TextEncoder().encode(`{${body.join(',\n')}}\n`);
}

const dtype = z.enum(['float32', 'float64', 'int64', 'string']);
const count = z.int().positive();

/** What the runtime itself reads of an artifact's metadata; the rest is its domain's and passes through. */
const schemas = {
  card: z.looseObject({
    name: z.string().regex(/^[^/]+\/[^/]+$/),
    domain: z.string(),
    features: z.record(z.string(), z.looseObject({ dtype })),
    outputs: z.record(z.string(), z.looseObject({ dtype, shape: z.array(z.string()) })),
    serving: z.looseObject({ maxBatch: count, timeoutMs: count, record: z.number() }),
  }),
  lineage: z.looseObject({
    dataset: z.looseObject({ digest: z.string(), rows: z.number(), asOf: z.string() }),
    heldOut: z.looseObject({ digest: z.string() }),
    seed: z.number(),
    options: z.record(z.string(), z.unknown()),
  }),
  golden: z.array(z.looseObject({ input: z.unknown(), outputs: z.record(z.string(), z.array(z.number())) })),
  context: z.unknown(),
} satisfies Record<(typeof parts)[number], z.ZodType>;

/**
 * What an artifact says of itself; the graph is neither loaded nor replayed. `Context` is trusted to be what the domain wrote.
 * Errors: ARTIFACT_DAMAGED when the bytes are neither an ONNX file nor JSON, or a part of the metadata is missing or malformed.
 */
export function readMetadata<Context = unknown>(bytes: Uint8Array): ArtifactMetadata<Context> {
  const entries = metadataOf(bytes);
  const read = parts.map((part) => [part, partOf(part, entries[`haat.${part}`])]);
  return Object.fromEntries(read) as unknown as ArtifactMetadata<Context>;
}

function metadataOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    return hasGraph(bytes) ? describeModel(bytes).metadata : partsOf(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const expected = hasGraph(bytes) ? 'an ONNX file' : 'a JSON object';
    throw runtimeError('ARTIFACT_DAMAGED', `Artifact: expected ${expected}. ${why}`, { bytes: bytes.length }, cause);
  }
}

/** The parts of an artifact without a graph, as text each, as a graph's metadata holds them. */
function partsOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  const whole = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(whole).map(([name, part]) => [name, JSON.stringify(part)]));
}

function partOf(part: (typeof parts)[number], text: string | undefined): unknown {
  const place = `haat.${part}`;
  if (text === undefined) {
    throw runtimeError('ARTIFACT_DAMAGED', `Artifact: expected metadata "${place}", got none`, { part: place });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw runtimeError(
      'ARTIFACT_DAMAGED',
      `Artifact: metadata "${place}": expected JSON (${cause})`,
      { part: place },
      cause,
    );
  }
  const checked = schemas[part].safeParse(json);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    throw runtimeError('ARTIFACT_DAMAGED', `Artifact: metadata "${place}" at "${path.join('.')}": ${message}`, {
      part: place,
      field: path.join('.'),
    });
  }
  return json;
}
