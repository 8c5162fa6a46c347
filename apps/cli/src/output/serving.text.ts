import type { ServingInstance } from '../gateway/model.queries.ts';

interface Champion {
  readonly id: string;
  readonly digest: string;
}

/** Whether what answers is not what should: the champion was refused, or some app answers with another version or none. */
export function servesOther(champion: Champion | null, serving: readonly ServingInstance[]): boolean {
  return serving.some((app) => app.refused !== null || (app.version?.id ?? null) !== (champion?.id ?? null));
}

/** What answers for a model, in lines: the champion alone where all apps answer with it, else who answers with what and why. */
export function servingLines(champion: Champion | null, serving: readonly ServingInstance[]): readonly string[] {
  const named = (version: Champion | null) =>
    version === null ? 'nothing' : `${version.id} (${version.digest.slice(0, 12)})`;
  if (champion === null) return ['No promoted model yet.'];
  if (serving.length === 0) return [`Champion: ${named(champion)}; no app says that it answers`];
  if (!servesOther(champion, serving)) return [`Champion: ${named(champion)}`];
  const apps = (count: number) => `${count} of ${serving.length} ${serving.length === 1 ? 'app' : 'apps'}`;
  const reasons = serving.flatMap(({ refused }) =>
    refused === null ? [] : [`${refused.version?.id ?? 'a version'}: ${refused.code}: ${refused.reason}`],
  );
  return [
    `Champion: ${named(champion)}, which does not answer everywhere`,
    ...counted(serving.map(({ version }) => named(version))).map(
      ([text, count]) => `Answering: ${text} in ${apps(count)}`,
    ),
    ...counted(reasons).map(([text, count]) => `Refused by ${apps(count)}: ${text}`),
  ];
}

function counted(texts: readonly string[]): readonly (readonly [string, number])[] {
  return [...new Set(texts)].map((text) => [text, texts.filter((one) => one === text).length]);
}
