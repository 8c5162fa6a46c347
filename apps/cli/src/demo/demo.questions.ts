import { domains } from '@haat/kit';

import { domainTools } from '../domains/domain.table.ts';
import type { DemoQuestion } from '../domains/domain.tools.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';

/** One question that the demo asks, and what the gateway answered. */
export interface DemoAnswer extends DemoQuestion {
  readonly answer: unknown;
}

/** The questions of all domains, in the order of the domains. */
export async function demoQuestions(): Promise<readonly DemoQuestion[]> {
  const demos = await Promise.all(domains.map((domain) => domainTools[domain].demo()));
  return demos.flatMap(({ questions }) => questions);
}

/** Asks all of them. @throws what the gateway answers instead of an answer */
export async function askDemoQuestions(gateway: GatewayClient): Promise<readonly DemoAnswer[]> {
  const answers: DemoAnswer[] = [];
  for (const question of await demoQuestions()) {
    answers.push({ ...question, answer: await gateway.ask(question.query) });
  }
  return answers;
}

export function demoText(answers: readonly DemoAnswer[]): string {
  return answers
    .map(({ title, query, answer }, i) => `\n${i + 1}. ${title}\n\n${query}\n\n${JSON.stringify(answer, null, 2)}`)
    .join('\n');
}
