import type { TopLevelSpec } from 'vega-lite';

/** A chart as SVG. The same specification gives the same text. What draws is loaded when something is drawn. */
export async function drawn(chart: TopLevelSpec): Promise<string> {
  const { parse, View } = await import('vega');
  const { compile } = await import('vega-lite');
  const view = new View(parse(compile(chart).spec), { renderer: 'none' });
  return `${await view.toSVG()}\n`;
}
