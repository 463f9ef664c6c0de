import type { BackendName } from '../common/backends.ts';
import { type Estimate, estimateMedian } from '../common/estimate.ts';
import { quantilesOf } from '../report/quantiles.ts';
import type { Quantile } from '../report/section.ts';
import { type Block, FIGURES, type FigureName, figureOf } from './figures.ts';
import type { Question, Series } from './measure.ts';
import { MEASURE, type MeasureName } from './measures.ts';
import type { Origin } from './network.ts';
import type { Route, Target } from './routes.ts';

/**
 * A figure of one route, in the form that `--json` prints. Each is the median of blocks, and its interval comes from
 * resampling blocks: samples of one block are not independent. Comparisons are medians of the ratios (or differences)
 * of blocks of the same round.
 */
export interface Result {
  readonly services: number;
  /** Of each service. */
  readonly endpoints: number;
  /** Where the client is: pods and the node use cluster IPs, outside uses node ports. */
  readonly from: Origin;
  readonly measure: MeasureName;
  /** Says the unit of `value` and `over_direct`. */
  readonly figure: FigureName;
  readonly target: Target;
  readonly path: Route['path'];
  readonly backend: BackendName | null;
  readonly blocks: number;
  readonly value: Estimate;
  /** How many times the same figure of the direct path to the endpoints of the same service. */
  readonly to_direct: Estimate;
  /** The same for a path on which connections are tracked. */
  readonly to_conntrack: Estimate;
  /** `value` minus that of the direct path. */
  readonly over_direct: Estimate;
  /** How many times the same figure of the same path to the first service; null for the first itself and where there is no such figure. */
  readonly to_first: Estimate | null;
}

/** Latencies of all blocks of a route together, rare ones included; the intervals of a result do not show those. */
export interface Distribution
  extends Pick<Result, 'services' | 'from' | 'measure' | 'target' | 'path' | 'backend'> {
  readonly samples: number;
  readonly quantiles_us: readonly Quantile[];
}

/** Of each route and target; none if the question is not about latency. */
export function distributionsOf(question: Question, all: readonly Series[]): Distribution[] {
  const { services, origin, measure } = question;
  if (MEASURE[measure].kind !== 'latency') return [];
  return all.map(({ route, target, blocks }) => {
    const samples = blocks.flat().map((nanoseconds) => nanoseconds / 1000);
    const quantiles_us = quantilesOf(samples);
    return { services, from: origin, measure, target, ...route, samples: samples.length, quantiles_us };
  });
}

export function resultsOf(question: Question, all: readonly Series[]): Result[] {
  const { services, endpoints, origin, measure } = question;
  return FIGURES[MEASURE[measure].kind].flatMap((figure) =>
    all.map((series) => {
      const { route, target } = series;
      const id = { services, endpoints, from: origin, measure, figure, target, ...route };
      return { ...id, ...comparisonsOf(figure, series, all) };
    }),
  );
}

type Comparisons = Pick<
  Result,
  'blocks' | 'value' | 'to_direct' | 'to_conntrack' | 'over_direct' | 'to_first'
>;

function comparisonsOf(figure: FigureName, series: Series, all: readonly Series[]): Comparisons {
  const { route, target } = series;
  const figures = (blocks: readonly Block[]): number[] => blocks.map((block) => figureOf(figure, block));
  const ours = figures(series.blocks);
  const ofOther = (other: Partial<Series['route']>, to: Target): number[] | undefined => {
    const found = all.find((it) => it.target === to && isOf(it.route, other));
    return found && figures(found.blocks);
  };
  const direct = ofOther({ path: 'direct' }, target) ?? [];
  const conntrack = ofOther({ path: 'conntrack' }, target) ?? [];
  const first = target === 'first' ? undefined : ofOther(route, 'first');
  return {
    blocks: ours.length,
    value: estimateMedian(ours),
    to_direct: ratio(ours, direct),
    to_conntrack: ratio(ours, conntrack),
    over_direct: estimateMedian(ours.map((value, round) => value - at(direct, round))),
    to_first: first === undefined ? null : ratio(ours, first),
  };
}

function isOf(route: Route, { path, backend }: Partial<Route>): boolean {
  return route.path === path && (backend === undefined || route.backend === backend);
}

function ratio(ours: readonly number[], base: readonly number[]): Estimate {
  return estimateMedian(ours.map((value, round) => value / at(base, round)));
}

function at(blocks: readonly number[], round: number): number {
  const value = blocks[round];
  if (value === undefined) throw new RangeError(`round ${round}: there are ${blocks.length}`);
  return value;
}
