import type { Element } from 'hast';
import { s } from 'hastscript';
import { intervalText, valueText } from '../numbers.ts';
import type { BarsPlot } from '../section.ts';
import type { Colours } from './colours.ts';
import { axisLabel, readable } from './frame.ts';
import { estimateText } from './lines.ts';
import { type Scale, scaleOf } from './scales.ts';

type Bar = BarsPlot['groups'][number]['bars'][number];

const WIDTH = 486;
const TOP = 22;
const BAR_ROW = 28;
const BAR = 15;
const TITLE_ROW = 26;
/** Below the bars: marks and label of the axis. */
const BOTTOM = 44;
/** Of the widest character of a label, and what is kept free beside it. */
const CHARACTER = 6.9;
const GAP = 14;
const MOST_LABEL = 170;

interface Row {
  readonly y: number;
  readonly title?: string;
  readonly bar?: Bar;
}

export function drawBars(plot: BarsPlot, colours: Colours): Element {
  const rows = rowsOf(plot);
  const bars = plot.groups.flatMap((group) => group.bars);
  const longest = Math.max(...bars.map(({ name }) => name.length), 0);
  const left = Math.min(MOST_LABEL, longest * CHARACTER) + GAP;
  const right = WIDTH - valuesWidth(bars, plot.axis.unit);
  const values = bars.flatMap(({ value }) => [value.value, value.low, value.high]);
  const reference = plot.reference?.value;
  const scale = scaleOf(plot.axis, reference === undefined ? values : [...values, reference], [left, right]);
  const bottom = (rows.at(-1)?.y ?? TOP) + BAR_ROW / 2 + 4;
  return s('svg', { viewBox: `0 0 ${WIDTH} ${bottom + BOTTOM}`, role: 'img', ariaLabel: plot.title }, [
    ...scale.ticks.map(({ at }) => s('line.grid', { x1: at, x2: at, y1: TOP - 6, y2: bottom })),
    ...readable(scale.ticks).map(({ at, text }) =>
      s('text.tick', { x: at, y: bottom + 18, textAnchor: 'middle' }, text),
    ),
    s('line.axis', { x1: left, x2: left, y1: TOP - 6, y2: bottom }),
    ...rows.map((row) => drawRow(row, left, right, scale, plot, colours)),
    ...(plot.reference === undefined ? [] : [referenceLine(plot.reference, scale, bottom)]),
    s('text.label', { x: (left + right) / 2, y: bottom + 38, textAnchor: 'middle' }, axisLabel(plot.axis)),
  ]);
}

/** What is printed right of the bars takes so much room. */
function valuesWidth(bars: readonly Bar[], unit: string): number {
  const lengths = bars.map(
    ({ value }) => valueText(value.value, unit).length + (intervalText(value)?.length ?? 0),
  );
  return Math.max(...lengths, 0) * CHARACTER + 3 * GAP;
}

function rowsOf({ groups }: BarsPlot): Row[] {
  const rows: Row[] = [];
  let y = TOP;
  for (const { title, bars } of groups) {
    if (title !== '') {
      rows.push({ y: y + TITLE_ROW / 2, title });
      y += TITLE_ROW;
    }
    for (const bar of bars) {
      rows.push({ y: y + BAR_ROW / 2, bar });
      y += BAR_ROW;
    }
  }
  return rows;
}

function drawRow(
  { y, title, bar }: Row,
  left: number,
  right: number,
  scale: Scale,
  { axis }: BarsPlot,
  colours: Colours,
): Element {
  if (bar === undefined) return s('text.group', { x: 0, y: y + 5 }, title ?? '');
  const { name, value } = bar;
  const end = scale.at(value.value);
  const interval = intervalText(value);
  return s('g', { className: [colours(name)] }, [
    s('title', `${name}: ${estimateText(value, axis.unit)}`),
    s('text.tick', { x: left - 8, y: y + 4, textAnchor: 'end' }, name),
    s('rect', { x: left, y: y - BAR / 2, width: Math.max(1, end - left), height: BAR, rx: 2 }),
    ...(interval === undefined ? [] : [whisker(scale.at(value.low), scale.at(value.high), y)]),
    s('text.value', { x: right + 12, y: y + 4 }, [
      valueText(value.value, axis.unit),
      ...(interval === undefined ? [] : [s('tspan.interval', { dx: 6 }, interval)]),
    ]),
  ]);
}

function whisker(low: number, high: number, y: number): Element {
  return s('path.whisker', { d: `M${low} ${y - 4}v8M${low} ${y}H${high}M${high} ${y - 4}v8` });
}

function referenceLine(
  { label, value }: { label: string; value: number },
  scale: Scale,
  bottom: number,
): Element {
  const at = scale.at(value);
  return s('g', [
    s('line.limit', { x1: at, x2: at, y1: TOP - 6, y2: bottom }),
    s('text.limit', { x: at, y: TOP - 10, textAnchor: 'middle' }, label),
  ]);
}
