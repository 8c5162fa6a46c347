import type { DomainError } from '@haat/kit';

import { thrownBy, type GatewayClient } from './gateway.client.ts';

/** How the gateway is asked for one thing about each of many entities. */
export interface EntityQuestion<Node> {
  /** What is asked of the entity whose id is the variable `id`: `product(id: $i0) { weightG }`. */
  selection(id: string): string;
  /** The answer of what the selection's root field gave; null where it holds none. */
  answer(node: Node): object | null;
  /** Codes of errors that are told in the place of an entity; any other stands in the way of all. */
  readonly ownErrors: readonly string[];
  /** Entities of one request: few enough for an answer within moments. */
  readonly perRequest: number;
}

/**
 * Answers for entities of the platform, in the order of their ids; what is wrong with one in its place.
 * @throws what stands in the way of all of them, such as MODEL_NOT_READY
 */
export async function askEntities<Node>(
  gateway: GatewayClient,
  question: EntityQuestion<Node>,
  ids: readonly string[],
): Promise<readonly (object | DomainError)[]> {
  const answers: (object | DomainError)[] = [];
  for (let from = 0; from < ids.length; from += question.perRequest)
    answers.push(...(await askSome(gateway, question, ids.slice(from, from + question.perRequest))));
  return answers;
}

async function askSome<Node>(
  gateway: GatewayClient,
  { selection, answer, ownErrors }: EntityQuestion<Node>,
  ids: readonly string[],
): Promise<readonly (object | DomainError)[]> {
  const parameters = ids.map((_, i) => `$i${i}: ID!`).join(', ');
  const fields = ids.map((_, i) => `e${i}: ${selection(`$i${i}`)}`).join('\n');
  const { data, errors = [] } = await gateway.answer<Record<string, Node | null>>(
    `query CliPredict(${parameters}) {\n${fields}\n}`,
    Object.fromEntries(ids.map((id, i) => [`i${i}`, id])),
  );
  return ids.map((_, i) => {
    const node = data?.[`e${i}`];
    const itsOwn = errors.find(({ path }) => path?.[0] === `e${i}`);
    // What an error left of an answer is none.
    const answered = node && !itsOwn ? answer(node) : null;
    if (answered) return answered;
    const error = itsOwn ?? errors[0];
    const thrown = error && thrownBy(error);
    if (thrown && ownErrors.includes(thrown.code)) return thrown;
    throw thrown ?? gateway.stranger('it leaves out entities without a word');
  });
}
