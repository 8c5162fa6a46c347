import type { DomainError } from '@haat/kit';
import { riskRecordError } from '@haat/risk/contract';

import { thrownBy, type GatewayClient } from '../../gateway/gateway.client.ts';

/** Persons of one request: few enough for an answer within moments. */
const PERSONS_A_REQUEST = 20;

interface PersonNode {
  readonly riskTimeline: {
    readonly model: { readonly id: string } | null;
    readonly asOf: string;
    readonly days: readonly {
      readonly day: string;
      readonly risk: number;
      readonly low: number;
      readonly high: number;
    }[];
  } | null;
}

/** The person whom a line names, by `id` or `person_id`. Throws INVALID_RISK_RECORD. */
export function parsePersonId(raw: unknown, place: string): string {
  const { id, person_id: personId } = (raw ?? {}) as { id?: unknown; person_id?: unknown };
  const name = personId ?? id;
  if (typeof name === 'string' && name !== '') return name;
  const what = 'the pseudonym of a person as text';
  throw riskRecordError('INVALID_RISK_RECORD', `${place}: field id: expected ${what}`, { field: 'id', expected: what });
}

/**
 * What was inferred of persons, in order: their risk by day; UNKNOWN_PERSON in the place of one.
 * @throws what stands in the way of all of them, such as NO_INFERENCE
 */
export async function askRisks(
  gateway: GatewayClient,
  ids: readonly string[],
): Promise<readonly (object | DomainError)[]> {
  const answers: (object | DomainError)[] = [];
  for (let from = 0; from < ids.length; from += PERSONS_A_REQUEST) {
    answers.push(...(await askSome(gateway, ids.slice(from, from + PERSONS_A_REQUEST))));
  }
  return answers;
}

async function askSome(gateway: GatewayClient, ids: readonly string[]): Promise<readonly (object | DomainError)[]> {
  const parameters = ids.map((_, i) => `$i${i}: ID!`).join(', ');
  const fields = 'riskTimeline { model { id } asOf days { day risk low high } }';
  const persons = ids.map((_, i) => `p${i}: person(id: $i${i}) { ${fields} }`).join('\n');
  const { data, errors = [] } = await gateway.answer<Record<string, PersonNode | null>>(
    `query CliRisk(${parameters}) {\n${persons}\n}`,
    Object.fromEntries(ids.map((id, i) => [`i${i}`, id])),
  );
  return ids.map((_, i) => {
    const error = errors.find(({ path }) => path?.[0] === `p${i}`);
    const thrown = error && thrownBy(error);
    if (thrown?.code === 'UNKNOWN_PERSON') return thrown;
    if (thrown) throw thrown;
    const person = data?.[`p${i}`];
    if (!person) throw (errors[0] && thrownBy(errors[0])) ?? gateway.stranger('it leaves out persons without a word');
    return {
      risk: person.riskTimeline?.days ?? null,
      model: person.riskTimeline?.model?.id ?? null,
      as_of: person.riskTimeline?.asOf ?? null,
    };
  });
}
