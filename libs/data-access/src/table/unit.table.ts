/** Units that a file may use, with what one of them is of the base unit of its kind. */
const units = {
  g: ['mass', 1],
  kg: ['mass', 1000],
  mg: ['mass', 1 / 1000],
  oz: ['mass', 28.349523125],
  lb: ['mass', 453.59237],
  cm: ['length', 1],
  mm: ['length', 1 / 10],
  m: ['length', 100],
  in: ['length', 2.54],
  ft: ['length', 30.48],
  inr: ['money', 1],
  paise: ['money', 1 / 100],
} as const satisfies Record<string, readonly [kind: string, factor: number]>;

type Unit = keyof typeof units;

const isUnit = (name: string): name is Unit => Object.hasOwn(units, name);

/** What turns a number in `from` into one in `to`; null when these are no units of one kind. */
export function unitFactor(from: string, to: string): number | null {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  if (a === b) return 1;
  if (!isUnit(a) || !isUnit(b) || units[a][0] !== units[b][0]) return null;
  return units[a][1] / units[b][1];
}

/** The units that a column in `unit` may come in. */
export function unitsLike(unit: string): string[] {
  return Object.keys(units).filter((name) => unitFactor(name, unit) !== null);
}
