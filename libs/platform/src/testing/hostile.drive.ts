import { request as httpRequest } from 'node:http';
import { hostileRequest, type HostileRequest } from './hostile.requests.ts';

export interface HostileOptions {
  readonly count: number;
  readonly seed: number;
  /** Requests under way at once. */
  readonly lanes?: number;
  /** Goes with each request that brings no credentials of its own; `null` for a request that is to come from nobody. */
  readonly authorization?: (number: number) => string | null;
  /** Called after each answer, with how many there are. */
  readonly onAnswer?: (answers: number) => void;
}

export interface HostileOutcome {
  /** Code of the first error -> how often; `ok` for answers without one. */
  readonly codes: ReadonlyMap<string, number>;
  /** Answers that are neither valid nor typed errors, or tell of the inside: at most a hundred, in words. */
  readonly violations: readonly string[];
}

const inside =
  /node_modules|\/(srv|tmp|home|root|usr|work)\/|\bat \S+ \(|ECONN|stacktrace|SELECT |TypeError|RangeError/;

/** Sends `count` hostile requests of `seed` to a GraphQL endpoint, and judges each answer. */
export async function driveHostile(url: string, options: HostileOptions): Promise<HostileOutcome> {
  const { count, seed, lanes = 8, authorization = () => null, onAnswer } = options;
  const codes = new Map<string, number>();
  const violations: string[] = [];
  let next = 0;
  let answers = 0;
  const lane = async () => {
    while (next < count) {
      const number = next++;
      const request = sentBy(authorization(number), hostileRequest(seed, number));
      const judged = await send(url, request).then(judge, (failure: unknown) => ({ violation: String(failure) }));
      if ('code' in judged) codes.set(judged.code, (codes.get(judged.code) ?? 0) + 1);
      else if (violations.length < 100) violations.push(`${request.kind} ${number}: ${judged.violation}`);
      onAnswer?.(++answers);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { codes, violations };
}

function sentBy(authorization: string | null, request: HostileRequest): HostileRequest {
  if (authorization === null) return request;
  return { ...request, headers: { authorization, ...request.headers } };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function send(url: string, { method, search, headers, body }: HostileRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(body.byteLength) };
    const request = httpRequest(url + search, { method, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode!, type, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } }[];
}

function judge({ status, type, text }: Answer): { code: string } | { violation: string } {
  const shown = `${status} ${text.slice(0, 300)}`;
  if (inside.test(text)) return { violation: `tells of the inside: ${shown}` };
  let results: readonly Result[];
  try {
    const stream = type.startsWith('text/event-stream') || type.startsWith('multipart/mixed');
    results = stream ? streamed(text) : [JSON.parse(text) as Result | Result[]].flat();
  } catch {
    return { violation: `is not JSON: ${shown}` };
  }
  for (const result of results) {
    if (result === null || typeof result !== 'object') return { violation: `is no result: ${shown}` };
    const typed = result.errors?.every(
      ({ message, extensions }) => typeof message === 'string' && typeof extensions?.code === 'string',
    );
    if (typed === false || (typed === undefined && result.data === undefined))
      return { violation: `is not typed: ${shown}` };
    if (result.errors?.some(({ extensions }) => extensions?.code === 'INTERNAL'))
      return { violation: `broke us: ${shown}` };
  }
  return { code: String(results[0]?.errors?.[0]?.extensions?.code ?? 'ok') };
}

/** The results of an event stream or of multipart parts: every line that is JSON. */
function streamed(text: string): Result[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^data: /, '').trim())
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Result);
}
