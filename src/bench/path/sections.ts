import type { BarsPlot, DistributionPlot, KeyFigure, LinesPlot, Section, Table } from '../report/section.ts';
import { FIGURES, type FigureName } from './figures.ts';
import { MEASURE, MEASURES, type MeasureName } from './measures.ts';
import { ORIGINS, type Origin } from './network.ts';
import type { PathReport } from './path.ts';
import type { Distribution, Result } from './result.ts';
import { TARGETS, type Target } from './routes.ts';
import { figureText, pathText } from './table.ts';

type Id = Pick<Result, 'services' | 'from' | 'measure' | 'target' | 'path' | 'backend'>;

/** One chapter: what a packet pays for a Service. */
export function pathSections({ results, distributions, noise }: PathReport, command: string): Section[] {
  const measures = MEASURES.filter((name) => results.some(({ measure }) => measure === name));
  const most = Math.max(...results.map(({ services }) => services));
  const largest = results.filter(({ services }) => services === most);
  return [
    {
      title: 'The forwarding path',
      about: ABOUT,
      command,
      noise,
      figures: keyFigures(largest),
      plots: [
        ...measures.flatMap((measure) => ratios(largest, measure)),
        ...growth(results),
        ...distribution(distributions.filter(({ services }) => services === most)),
      ],
      tables: measures.map((measure) => table(results, measure)),
    },
  ];
}

const ABOUT =
  'Connections from a pod, from the node and from a host outside to a pod, all in network namespaces of this machine, by C programs at both ends, each on a CPU of its own. Direct: to the pod, and nothing on the node looks at packets. Conntrack: to the pod, and the node tracks connections, as it must for any service proxy of netfilter. Beside: to the pod, through the node where all services are loaded. The others: through the service, by cluster IP from the pod and from the node, by node port from outside. Blocks of all of them take turns in random order; values are medians of blocks, ratios are medians of the ratios of blocks of the same round, intervals are of 95 % by bootstrap over rounds.';

function keyFigures(largest: readonly Result[]): KeyFigure[] {
  const through = largest.filter(
    (it) => it.measure === 'connect' && it.path === 'service' && it.from === 'pod',
  );
  return through
    .filter((it) => it.figure === 'p50_us' && it.target === lastTargetOf(through))
    .flatMap((it) => [
      { label: `${labelOf(it)}, p50, to the direct path`, value: it.to_direct, unit: 'x' },
      { label: 'the same, to the direct path with conntrack', value: it.to_conntrack, unit: 'x' },
      ...(it.to_first === null
        ? []
        : [{ label: 'the same, to the first service', value: it.to_first, unit: 'x' }]),
    ]);
}

function labelOf({ services, target, backend }: Result): string {
  return `connect through the ${target} of ${services.toLocaleString('en-US')} services, ${backend}`;
}

function lastTargetOf(results: readonly Id[]): Target | undefined {
  return (['last', 'first'] as const).find((target) => results.some((it) => it.target === target));
}

/** The one that says most: all services take part. */
function widestTargetOf(results: readonly Id[]): Target | undefined {
  return TARGETS.findLast((target) => results.some((it) => it.target === target));
}

/** Bars of the other paths to the direct one, by origin. */
function ratios(largest: readonly Result[], measure: MeasureName): BarsPlot[] {
  const [figure] = FIGURES[MEASURE[measure].kind];
  const ours = largest.filter((it) => it.measure === measure && it.figure === figure);
  const target = widestTargetOf(ours);
  return [
    {
      kind: 'bars',
      title: `${MEASURE[measure].title}: ${figureText(figure)}`,
      note: `To the direct path; ${isBetterHigh(figure) ? 'higher' : 'lower'} is better. ${target === 'random' ? 'Each flow to a random service' : 'All flows to one service'} of ${ours[0]?.services.toLocaleString('en-US')}.`,
      axis: { label: 'ratio', unit: 'x' },
      reference: { label: 'direct', value: 1 },
      groups: originsOf(ours).map((origin) => ({
        title: ORIGIN_TITLE[origin],
        bars: ours
          .filter((it) => it.from === origin && it.target === target && it.path !== 'direct')
          .map((it) => ({ name: pathText(it), value: it.to_direct, isReference: it.backend === null })),
      })),
    },
  ];
}

const ORIGIN_TITLE: Readonly<Record<Origin, string>> = {
  pod: 'from a pod, cluster IP',
  node: 'from the node, cluster IP',
  outside: 'from outside, node port',
};

function isBetterHigh(figure: FigureName): boolean {
  return figure === 'per_s' || figure === 'gbit_per_s';
}

function originsOf(results: readonly Id[]): Origin[] {
  return ORIGINS.filter((origin) => results.some(({ from }) => from === origin));
}

/** Whether a connection takes longer where there are more services: as ratios, for the machine is not the same all the time. */
function growth(results: readonly Result[]): LinesPlot[] {
  const ours = results.filter(
    (it) => it.measure === 'connect' && it.figure === 'p50_us' && it.path !== 'direct',
  );
  if (new Set(ours.map(({ services }) => services)).size < 2) return [];
  return originsOf(ours).map((origin) => {
    const from = ours.filter((it) => it.from === origin && (it.path === 'service' || isWidest(it)));
    const names = [...new Set(from.map(seriesName))].toSorted();
    return {
      kind: 'lines',
      title: `TCP connect and one byte, p50, by number of services, ${ORIGIN_TITLE[origin]}`,
      note: 'To the direct path; lower is better.',
      x: { label: 'services', unit: '', scale: 'log' },
      y: { label: 'to direct', unit: 'x' },
      series: names.map((name) => {
        const line = from.filter((it) => seriesName(it) === name);
        return {
          name,
          isReference: line.every(({ backend }) => backend === null),
          points: line.map(({ services, to_direct }) => ({ x: services, y: to_direct })),
        };
      }),
    };
  });
}

/** A single service is a random one of one. */
function isWidest({ services, target }: Result): boolean {
  return services === 1 || target === 'random';
}

function seriesName(it: Result): string {
  if (it.path !== 'service') return pathText(it);
  return `${pathText(it)}, ${isWidest(it) ? 'random' : it.target}`;
}

function distribution(largest: readonly Distribution[]): DistributionPlot[] {
  const ours = largest.filter(({ measure, from }) => measure === 'connect' && from === 'pod');
  if (ours.length === 0) return [];
  const target = widestTargetOf(ours);
  return [
    {
      kind: 'distribution',
      title: `${MEASURE.connect.title}, from a pod`,
      note: 'All samples of all blocks, what disturbed the machine included.',
      y: { label: 'latency', unit: 'us', scale: 'log' },
      series: ours
        .filter((it) => it.target === target)
        .map((it) => ({ name: pathText(it), isReference: it.backend === null, quantiles: it.quantiles_us })),
    },
  ];
}

function table(results: readonly Result[], measure: MeasureName): Table {
  return {
    title: MEASURE[measure].title,
    columns: [
      { title: 'services' },
      { title: 'from' },
      { title: 'target' },
      { title: 'path' },
      { title: 'figure' },
      { title: 'value' },
      { title: 'to direct', unit: 'x' },
      { title: 'to conntrack', unit: 'x' },
      { title: 'to the first', unit: 'x' },
    ],
    rows: results
      .filter((it) => it.measure === measure)
      .map((it) => [
        it.services,
        it.from,
        it.target,
        pathText(it),
        figureText(it.figure),
        it.value,
        it.path === 'direct' ? null : it.to_direct,
        it.backend === null ? null : it.to_conntrack,
        it.to_first,
      ]),
  };
}
