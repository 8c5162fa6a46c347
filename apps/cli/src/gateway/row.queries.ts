import { invalidRow, isDomainError, type DomainError } from '@haat/kit';

import type { JsonlPredictor } from '../local/jsonl.predictor.ts';
import { thrownBy, type GatewayClient } from './gateway.client.ts';

/** Entities of one request: few enough for an answer within moments. */
const ENTITIES_A_REQUEST = 50;

/** How the gateway is asked for a model's answer of one entity. */
export interface RowQuestion {
  /** Field of a line that names the entity, beside `id`. */
  readonly named: string;
  /** Root field that takes `id` and gives the outputs, `predictionId` and `model`. */
  readonly field: string;
  readonly outputs: readonly string[];
}

interface RowNode {
  readonly predictionId: string | null;
  readonly model: { readonly id: string };
}

/** Answers rows of a model through the gateway, by the ids of entities that the platform knows. */
export function askingRows(question: RowQuestion): (gateway: GatewayClient) => JsonlPredictor {
  const { named } = question;
  return (gateway) => ({
    named,
    parse(raw, place) {
      const fields = (raw ?? {}) as Readonly<Record<string, unknown>>;
      const id = fields[named] ?? fields['id'];
      if (typeof id === 'string' && id !== '') return id;
      throw invalidRow(place, named, 'expected an id as text', id);
    },
    async predict(ids: readonly string[]) {
      const answers: (object | DomainError)[] = [];
      for (let from = 0; from < ids.length; from += ENTITIES_A_REQUEST)
        answers.push(...(await askSome(gateway, question, ids.slice(from, from + ENTITIES_A_REQUEST))));
      return answers;
    },
  });
}

async function askSome(
  gateway: GatewayClient,
  { field, outputs }: RowQuestion,
  ids: readonly string[],
): Promise<readonly (object | DomainError)[]> {
  const parameters = ids.map((_, i) => `$i${i}: ID!`).join(', ');
  const fields = `${outputs.join(' ')} predictionId model { id }`;
  const rows = ids.map((_, i) => `r${i}: ${field}(id: $i${i}) { ${fields} }`).join('\n');
  const { data, errors = [] } = await gateway.answer<Record<string, (RowNode & Record<string, unknown>) | null>>(
    `query CliRows(${parameters}) {\n${rows}\n}`,
    Object.fromEntries(ids.map((id, i) => [`i${i}`, id])),
  );
  return ids.map((_, i) => {
    const row = data?.[`r${i}`];
    if (row) {
      const numbers = Object.fromEntries(outputs.map((name) => [name, row[name]]));
      return { ...numbers, predictionId: row.predictionId, model: row.model.id };
    }
    const error = errors.find(({ path }) => path?.[0] === `r${i}`) ?? errors[0];
    const thrown = error && thrownBy(error);
    if (isDomainError(thrown) && ['UNKNOWN_ENTITY', 'UNANSWERABLE_ROW'].includes(thrown.code)) return thrown;
    throw thrown ?? gateway.stranger('it leaves out rows without a word');
  });
}
