import { area, line } from 'd3-shape';
import type { Element } from 'hast';
import { s } from 'hastscript';
import type { Estimate } from '../../common/estimate.ts';
import { intervalText, numberText, valueText } from '../numbers.ts';
import type { LineSeries, LinesPlot } from '../section.ts';
import type { Colours } from './colours.ts';
import { axisLabel, FRAME, framed, tickText } from './frame.ts';
import { scaleOf, tightScale } from './scales.ts';

type Point = LineSeries['points'][number];

/** So many marks of an axis can be read side by side. */
const MOST_X_TICKS = 7;

export function drawLines(plot: LinesPlot, colours: Colours): Element {
  const points = plot.series.flatMap((it) => it.points);
  const x = tightScale(
    plot.x,
    points.map((it) => it.x),
    [FRAME.left, FRAME.right],
  );
  const y = scaleOf(
    plot.y,
    points.flatMap(({ y: it }) => [it.value, it.low, it.high]),
    [FRAME.bottom, FRAME.top],
  );
  const measured = [...new Set(points.map((it) => it.x))];
  // What was measured is better to read than round numbers in between.
  const xTicks =
    measured.length <= MOST_X_TICKS
      ? measured.map((value) => ({ at: x.at(value), text: tickText(value) }))
      : [...x.ticks];
  const place = (it: Point) => ({
    x: x.at(it.x),
    low: y.at(it.y.low),
    value: y.at(it.y.value),
    high: y.at(it.y.high),
  });
  const series = plot.series.map(({ name, points: own }) => {
    const placed = own.map(place);
    return s('g', { className: [colours(name)] }, [
      s('path.band', { d: bandOf(placed) }),
      s('path.line', { d: lineOf(placed) }),
      ...own.map((it) =>
        s('circle', { cx: x.at(it.x), cy: y.at(it.y.value), r: 3.5 }, [s('title', tip(name, it, plot))]),
      ),
    ]);
  });
  return framed(
    plot.title,
    { x: xTicks, y: [...y.ticks], xLabel: axisLabel(plot.x), yLabel: axisLabel(plot.y) },
    series,
  );
}

interface Placed {
  readonly x: number;
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

const lineOf = line<Placed>(
  (it) => it.x,
  (it) => it.value,
);
const bandOf = area<Placed>(
  (it) => it.x,
  (it) => it.low,
  (it) => it.high,
);

/** Of a name, a place and what was measured there: what a mouse that rests on a point is told. */
function tip(name: string, { x, y }: Point, plot: LinesPlot): string {
  return `${name}, ${numberText(x)} ${plot.x.label}: ${estimateText(y, plot.y.unit)}`;
}

export function estimateText(estimate: Estimate, unit: string): string {
  const interval = intervalText(estimate);
  const value = valueText(estimate.value, unit);
  return interval === undefined ? value : `${value} (95 %: ${interval})`;
}
