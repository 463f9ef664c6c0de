import type { Element } from 'hast';
import { s } from 'hastscript';
import { numberText, unitText } from '../numbers.ts';
import type { Axis } from '../section.ts';

/** Of a plot with two axes, in units of its picture: pixels, where the page is as wide as it gets. */
export const FRAME = { left: 78, right: 462, top: 12, bottom: 244, width: 486, height: 292 } as const;

export interface Tick {
  /** In units of the picture. */
  readonly at: number;
  /** Empty: a line without a label. */
  readonly text: string;
}

/** The picture around what a plot draws: grid, axes and their labels. */
export function framed(
  title: string,
  axes: { x: Tick[]; y: Tick[]; xLabel: string; yLabel: string },
  content: Element[],
): Element {
  const { left, right, top, bottom, width, height } = FRAME;
  return s('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', ariaLabel: title }, [
    ...axes.y.map(({ at, text }) => gridLine(left, at, right, at, text)),
    ...axes.x.map(({ at, text }) => gridLine(at, top, at, bottom, text)),
    s('line.axis', { x1: left, y1: bottom, x2: right, y2: bottom }),
    ...axes.y.map(({ at, text }) => s('text.tick', { x: left - 8, y: at + 4, textAnchor: 'end' }, text)),
    ...readable(axes.x).map(({ at, text }) =>
      s('text.tick', { x: at, y: bottom + 20, textAnchor: 'middle' }, text),
    ),
    s('text.label', { x: (left + right) / 2, y: height - 8, textAnchor: 'middle' }, axes.xLabel),
    s(
      'text.label',
      { transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)`, textAnchor: 'middle' },
      axes.yLabel,
    ),
    ...content,
  ]);
}

/** "p50 latency (µs)". */
export function axisLabel({ label, unit }: Axis): string {
  return unit === '' ? label : `${label} (${unitText(unit)})`;
}

/** There is room for seven characters. */
const MOST_WRITTEN_OUT = 1e6;

export function tickText(value: number): string {
  if (value >= MOST_WRITTEN_OUT) return value.toLocaleString('en-US', { notation: 'compact' });
  // Marks of a scale are round: the digits that they have are those that they need.
  return value >= 1000 || Number.isInteger(value) ? numberText(value) : String(value);
}

/** Of a character of a label. */
const CHARACTER_WIDTH = 7;
const LABEL_DISTANCE = 8;

/** The marks whose labels can be read side by side, from the left. */
export function readable(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const tick of ticks.toSorted((a, b) => a.at - b.at)) {
    const half = (tick.text.length * CHARACTER_WIDTH) / 2;
    if (tick.text === '' || tick.at - half < end) continue;
    kept.push(tick);
    end = tick.at + half + LABEL_DISTANCE;
  }
  return kept;
}

function gridLine(x1: number, y1: number, x2: number, y2: number, text: string): Element {
  return s(text === '' ? 'line.grid.minor' : 'line.grid', { x1, y1, x2, y2 });
}
