const WIDTH = 760;
const HEIGHT = 460;
const LEFT = 70;
const RIGHT = 30;
const TOP = 30;
const BOTTOM = 60;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Round steps over a range from 0. */
function ticks(most) {
  const raw = most / 6;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= raw);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
}

/**
 * Points with 95 % intervals both ways, as SVG: what is better lies further left and down.
 * @param points `{ name, ours, x: { mean, halfWidth }, y: { mean, halfWidth } }`
 */
export function paretoPlot(points, { x: xLabel, y: yLabel, title }) {
  const finite = ({ mean, halfWidth }) => mean + (Number.isFinite(halfWidth) ? halfWidth : 0);
  const [mostX, mostY] = [(p) => p.x, (p) => p.y].map(
    (of) => 1.08 * Math.max(1e-9, ...points.map((p) => finite(of(p)))),
  );
  const x = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.max(0, value)) / mostX;
  const y = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * Math.max(0, value)) / mostY;
  const line = (x1, y1, x2, y2, colour) =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}"/>`;
  const text = (at, down, value, more = '') =>
    `<text x="${at.toFixed(1)}" y="${down.toFixed(1)}" ${more}>${escaped(value)}</text>`;
  const grid = [
    ...ticks(mostX).flatMap((at) => [
      line(x(at), y(0), x(at), TOP, '#e4e4e4'),
      text(x(at), y(0) + 18, at.toLocaleString('en-US'), 'text-anchor="middle"'),
    ]),
    ...ticks(mostY).flatMap((at) => [
      line(LEFT, y(at), WIDTH - RIGHT, y(at), '#e4e4e4'),
      text(LEFT - 8, y(at) + 4, `${Math.round(at * 100)} %`, 'text-anchor="end"'),
    ]),
  ];
  const marks = points.flatMap(({ name, ours, x: days, y: infected }) => {
    const colour = ours ? '#0b6e4f' : '#555';
    const [cx, cy] = [x(days.mean), y(infected.mean)];
    const bars = [
      Number.isFinite(days.halfWidth)
        ? line(x(days.mean - days.halfWidth), cy, x(days.mean + days.halfWidth), cy, colour)
        : '',
      Number.isFinite(infected.halfWidth)
        ? line(cx, y(infected.mean - infected.halfWidth), cx, y(infected.mean + infected.halfWidth), colour)
        : '',
    ];
    const label = text(cx + 8, cy - 8, name, `fill="${colour}"`);
    return [...bars, `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="4" fill="${colour}"/>`, label];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(LEFT, 18, title, 'font-weight="bold"')}
${grid.join('\n')}
${marks.join('\n')}
${text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, xLabel, 'text-anchor="middle"')}
${text(16, TOP - 12, yLabel)}
</svg>
`;
}
