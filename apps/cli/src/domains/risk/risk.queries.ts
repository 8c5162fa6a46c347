import { riskRecordError } from '@haat/risk/contract';

import type { EntityQuestion } from '../../gateway/entity.queries.ts';

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

/** How the gateway is asked for what was inferred of persons: their risk by day, null for one who came after the newest inference. */
export const riskQuestion: EntityQuestion<PersonNode> = {
  selection: (id) => `person(id: ${id}) { riskTimeline { model { id } asOf days { day risk low high } } }`,
  answer: ({ riskTimeline }) => ({
    risk: riskTimeline?.days ?? null,
    model: riskTimeline?.model?.id ?? null,
    as_of: riskTimeline?.asOf ?? null,
  }),
  ownErrors: ['UNKNOWN_PERSON'],
  perRequest: 20,
};
