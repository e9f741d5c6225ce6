/** Charts as SVG text: a white card with dark ink, so that they read the same on a light and on a dark page. No library. */

const INK = '#1f2328';
const GREY = '#6e7781';
const GRID = '#d8dee4';
const RED = '#b42318';
/** Light to dark, told apart by lightness as well, so that they survive a grey printer. */
const SHADES = ['#7fb2e5', '#3f87cf', '#1b5fa8', '#0b3664'] as const;

export interface Chart {
  /** file name without ending */
  name: string;
  /** what it shows, for those who cannot see it */
  alt: string;
  svg: string;
}

/** Text that is safe between tags and in attributes. Characters that XML 1.0 does not allow become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/** A number with a few decimals, always the same way. */
const at = (value: number): string => String(Math.round(value * 10) / 10);

/** Keeps letters apart from the lines they lie on. */
const HALO = ' paint-order="stroke" stroke="#ffffff" stroke-width="3"';

type Anchor = 'start' | 'middle' | 'end';

function label(x: number, y: number, text: string, { anchor = 'start', colour = INK, size = 12, weight = 400 }: LabelStyle = {}): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${colour}" font-size="${size}" font-weight="${weight}"${HALO}>${escapeXml(text)}</text>`;
}
interface LabelStyle {
  anchor?: Anchor;
  colour?: string;
  size?: number;
  weight?: number;
}

const line = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1, dash = ''): string =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${colour}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}/>`;

const dot = (x: number, y: number, r: number, colour: string, opacity = 1): string =>
  `<circle cx="${at(x)}" cy="${at(y)}" r="${r}" fill="${colour}"${opacity === 1 ? '' : ` fill-opacity="${opacity}"`}/>`;

function card(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="ui-sans-serif, system-ui, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#ffffff" stroke="${GRID}"/>`,
    label(20, 28, title, { size: 14, weight: 600 }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Axis {
  title: string;
  from: number;
  to: number;
  ticks: readonly number[];
  show: (value: number) => string;
}

/** The frame of a plot, and where a value lies in it. */
function frame(box: Box, x: Axis, y: Axis) {
  const px = (value: number) => box.x + ((value - x.from) / (x.to - x.from)) * box.width;
  const py = (value: number) => box.y + box.height - ((value - y.from) / (y.to - y.from)) * box.height;
  const parts = [
    ...y.ticks.flatMap((tick) => [
      line(box.x, py(tick), box.x + box.width, py(tick), GRID),
      label(box.x - 6, py(tick) + 4, y.show(tick), { anchor: 'end', colour: GREY, size: 11 }),
    ]),
    ...x.ticks.map((tick) => label(px(tick), box.y + box.height + 16, x.show(tick), { anchor: 'middle', colour: GREY, size: 11 })),
    label(box.x + box.width / 2, box.y + box.height + 34, x.title, { anchor: 'middle', colour: GREY }),
    label(box.x - 6, box.y - 10, y.title, { colour: GREY }),
  ];
  return { px, py, parts };
}

export interface Panel {
  title: string;
  series: { name: string; points: readonly (readonly [x: number, y: number])[] }[];
}

/** Panels side by side with the same axes, a shade a series, and a dashed line at `mark`. At most four series. */
export function linePanels(title: string, panels: readonly Panel[], x: Axis, y: Axis, mark: number): string {
  const [width, gap, top, height] = [760, 60, 88, 240];
  const each = (width - 60 - 20 - gap * (panels.length - 1)) / panels.length;
  const parts = panels.flatMap((panel, i) => {
    const box = { x: 60 + i * (each + gap), y: top, width: each, height };
    const { px, py, parts: around } = frame(box, x, y);
    const drawn = panel.series.flatMap(({ points }, s) => {
      const colour = SHADES[s] ?? INK;
      const path = points.map(([a, b]) => `${at(px(a))},${at(py(b))}`).join(' ');
      const dots = points.map(([a, b]) => dot(px(a), py(b), 3, colour));
      return [`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots];
    });
    const head = label(box.x, 56, panel.title, { weight: 600 });
    const zero = line(px(0), box.y, px(0), box.y + height, GREY, 1, '2 3');
    return [head, ...around, zero, line(box.x, py(mark), box.x + each, py(mark), RED, 1.5, '5 4'), ...drawn];
  });
  const legend = (panels[0]?.series ?? []).flatMap(({ name }, s) => [
    dot(66 + s * 100, top + height + 54, 4, SHADES[s] ?? INK),
    label(76 + s * 100, top + height + 58, name),
  ]);
  return card(width, top + height + 76, title, [...parts, ...legend]);
}

export interface Strip {
  name: string;
  values: readonly number[];
  mean: number;
  interval: { low: number; high: number } | null;
}

/** A column of dots for each strip, its mean and the mean's interval beside it, and a dashed line at `mark`. */
export function strips(title: string, columns: readonly Strip[], y: Axis, mark: number): string {
  const box = { x: 60, y: 70, width: 560, height: 240 };
  const x: Axis = { title: '', from: 0, to: columns.length, ticks: [], show: String };
  const { px, py, parts } = frame(box, x, y);
  const drawn = columns.flatMap(({ name, values, mean, interval }, i) => {
    const centre = px(i + 0.4);
    // sideways by a fixed pattern, so that equal values do not hide each other
    const dots = [...values].sort((a, b) => a - b).map((value, k) => dot(centre + ((k * 7) % 31) - 15, py(value), 2, '#3f87cf', 0.45));
    const beside = centre + 34;
    const bar = interval === null ? [] : [line(beside, py(interval.low), beside, py(interval.high), INK, 2)];
    const figure = label(beside + 9, py(mean) + 4, y.show(mean), { size: 11, weight: 600 });
    return [...dots, ...bar, dot(beside, py(mean), 4, INK), figure, label(centre, box.y + box.height + 18, name, { anchor: 'middle' })];
  });
  return card(box.x + box.width + 30, box.y + box.height + 40, title, [
    ...parts,
    line(box.x, py(mark), box.x + box.width, py(mark), RED, 1.5, '5 4'),
    ...drawn,
  ]);
}

/** Points with their names; a name goes to the left where it would leave the plot, and down where it would lie on another. */
export function scatter(title: string, points: readonly { name: string; x: number; y: number }[], x: Axis, y: Axis): string {
  const box = { x: 60, y: 70, width: 640, height: 360 };
  const { px, py, parts } = frame(box, x, y);
  const taken: number[][] = [];
  const drawn = [...points]
    .sort((a, b) => b.y - a.y)
    .flatMap(({ name, x: a, y: b }) => {
      const isLeft = px(a) > box.x + box.width - 7 * name.length;
      let height = py(b) + 4;
      const reach = name.length * 6.5;
      const from = isLeft ? px(a) - 8 - reach : px(a) + 8;
      while (taken.some(([left = 0, right = 0, other = 0]) => from < right && left < from + reach && Math.abs(other - height) < 12))
        height += 4;
      taken.push([from, from + reach, height]);
      return [
        dot(px(a), py(b), 4, SHADES[2]),
        label(px(a) + (isLeft ? -8 : 8), height, name, { anchor: isLeft ? 'end' : 'start', size: 11 }),
      ];
    });
  const ticks = x.ticks.map((tick) => line(px(tick), box.y + box.height, px(tick), box.y + box.height + 4, GREY));
  return card(box.x + box.width + 30, box.y + box.height + 50, title, [...parts, ...ticks, ...drawn]);
}

/** A bar for each row from 0 to its value, and a dashed line at `mark` where there is one. Values 0..1. */
export function bars(title: string, rows: readonly { name: string; value: number }[], mark: number | null): string {
  const [left, top, width, step] = [260, 52, 400, 24];
  const drawn = rows.flatMap(({ name, value }, i) => {
    const y = top + i * step;
    const end = Math.max(0, value) * width;
    return [
      label(left - 10, y + 14, name, { anchor: 'end' }),
      `<rect x="${left}" y="${y + 3}" width="${at(Math.max(end, 1))}" height="15" fill="${SHADES[1]}"/>`,
      label(left + end + 6, y + 15, value.toFixed(2), { size: 11 }),
    ];
  });
  const height = top + rows.length * step;
  const limit = mark === null ? [] : [line(left + mark * width, top, left + mark * width, height, RED, 1.5, '5 4')];
  return card(left + width + 70, height + 16, title, [line(left, top, left, height, GREY), ...drawn, ...limit]);
}
