import { curveMonotoneX, line } from 'd3-shape';
import type { Element } from 'hast';
import { s } from 'hastscript';
import { valueText } from '../numbers.ts';
import type { DistributionPlot, Quantile } from '../section.ts';
import type { Colours } from './colours.ts';
import { axisLabel, FRAME, framed } from './frame.ts';
import { scaleOf } from './scales.ts';

const TICKS = [0, 50, 90, 99, 99.9, 99.99];

/** How far right of the last percentile the largest sample is drawn, in decades. */
const MAX_DISTANCE = 0.35;

/** Each further nine of the percentile takes the same room, as in the plots of HdrHistogram. */
function decades(percent: number): number {
  return -Math.log10(1 - percent / 100);
}

export function drawDistribution(plot: DistributionPlot, colours: Colours): Element {
  const placed = plot.series.map(({ name, quantiles }) => ({
    name,
    points: quantiles.map((it) => ({ ...it, decades: decadesOf(it, quantiles) })),
  }));
  const widest = Math.max(...placed.flatMap(({ points }) => points.map((it) => it.decades)), 1);
  const x = (at: number): number => FRAME.left + (at / widest) * (FRAME.right - FRAME.left);
  const y = scaleOf(
    plot.y,
    placed.flatMap(({ points }) => points.map((it) => it.value)),
    [FRAME.bottom, FRAME.top],
  );
  const curve = line<{ decades: number; value: number }>(
    (it) => x(it.decades),
    (it) => y.at(it.value),
  ).curve(curveMonotoneX);
  const series = placed.map(({ name, points }) =>
    s('g', { className: [colours(name)] }, [
      s('path.line', { d: curve(points) }),
      ...points.map((it) =>
        s('circle', { cx: x(it.decades), cy: y.at(it.value), r: it.percent === 100 ? 4 : 2.5 }, [
          s('title', `${name}, ${percentText(it.percent)}: ${valueText(it.value, plot.y.unit)}`),
        ]),
      ),
    ]),
  );
  const xTicks = TICKS.filter((percent) => decades(percent) < widest).map((percent) => ({
    at: x(decades(percent)),
    text: `${percent} %`,
  }));
  return framed(
    plot.title,
    {
      x: xTicks,
      y: [...y.ticks],
      xLabel: 'percentile; the last point is the largest of all',
      yLabel: axisLabel(plot.y),
    },
    series,
  );
}

function decadesOf({ percent }: Quantile, all: readonly Quantile[]): number {
  if (percent < 100) return decades(percent);
  const others = all.filter((it) => it.percent < 100).map((it) => decades(it.percent));
  return Math.max(0, ...others) + MAX_DISTANCE;
}

function percentText(percent: number): string {
  return percent === 100 ? 'largest' : `p${percent}`;
}
