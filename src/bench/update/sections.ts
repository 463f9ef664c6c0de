import type { Distribution } from '../common/statistics.ts';
import { exactly } from '../report/exactly.ts';
import type {
  BarsPlot,
  DistributionPlot,
  KeyFigure,
  LineSeries,
  LinesPlot,
  Quantile,
  Section,
  Table,
} from '../report/section.ts';
import type { Result } from './result.ts';
import type { UpdateReport } from './update.ts';

const FLOOR = 'floor: the kernel alone, from C';
const PIPELINE = 'nodeplane without a kernel';

/** One chapter: rule updates by number of services, above the floor. */
export function updateSections({ results }: UpdateReport, command: string): Section[] {
  return [
    {
      title: 'Rule updates',
      about:
        'An object that was read is handed over; the time ends when the kernel has committed what follows from it. Each kind of change is made one by one to a random service. The floor is the same kernel operation from a C program, on a map of the same size, in turns with the changes: nobody who uses this kernel can be faster.',
      command,
      figures: keyFigures(results),
      plots: plotsOf(results),
      tables: [figuresTable(results)],
    },
  ];
}

function keyFigures(results: readonly Result[]): KeyFigure[] {
  const shown = largest(results);
  if (shown === undefined) return [];
  const size = `${text(shown.services)} services`;
  return [
    { label: `one endpoint replaced, p50, ${size}`, value: shown.change.p50_us, unit: 'us' },
    { label: `the same, p99, ${size}`, value: shown.change.p99_us, unit: 'us' },
    ...(shown.change_to_floor === null
      ? []
      : [{ label: `p50 of the floor, ${size}`, value: shown.change_to_floor, unit: 'x' }]),
    {
      label: `from nothing to all in the kernel, ${size} with ${shown.endpoints} endpoints each`,
      value: shown.load_ms,
      unit: 'ms',
    },
  ];
}

function plotsOf(results: readonly Result[]): Section['plots'] {
  const shown = largest(results);
  if (shown === undefined) return [];
  const growth = results.length > 1 ? [changesBySize(results), loadBySize(results)] : [];
  return [...growth, distribution(shown), kinds(shown)];
}

function changesBySize(results: readonly Result[]): LinesPlot {
  return {
    kind: 'lines',
    title: 'One endpoint replaced, by number of services',
    note: 'Flat is good: a change should not cost more because there are more services.',
    x: { label: 'services', unit: '', scale: 'log' },
    y: { label: 'latency, p50', unit: 'us' },
    series: [
      bySize('nodeplane', results, (it) => it.change.p50_us),
      bySize(PIPELINE, results, (it) => it.pipeline.change.p50_us),
      { ...bySize(FLOOR, results, (it) => it.floor?.p50_us), isReference: true },
    ].filter(({ points }) => points.length > 0),
  };
}

function loadBySize(results: readonly Result[]): LinesPlot {
  return {
    kind: 'lines',
    title: `From nothing to all in the kernel, ${results[0]?.endpoints} endpoints a service`,
    x: { label: 'services', unit: '', scale: 'log' },
    y: { label: 'time', unit: 'ms', scale: 'log' },
    series: [
      bySize('nodeplane', results, (it) => it.load_ms),
      bySize(PIPELINE, results, (it) => it.pipeline.load_ms),
      { ...bySize(FLOOR, results, (it) => it.floor?.load_ms), isReference: true },
    ].filter(({ points }) => points.length > 0),
  };
}

function bySize(
  name: string,
  results: readonly Result[],
  value: (it: Result) => number | undefined,
): LineSeries {
  const points = results.flatMap((it) => {
    const y = value(it);
    return y === undefined ? [] : [{ x: it.services, y: exactly(y) }];
  });
  return { name, points: points.toSorted((a, b) => a.x - b.x) };
}

function distribution({ services, change, pipeline, floor }: Result): DistributionPlot {
  return {
    kind: 'distribution',
    title: `One endpoint replaced, every change, ${text(services)} services`,
    y: { label: 'latency', unit: 'us', scale: 'log' },
    series: [
      { name: 'nodeplane', quantiles: quantilesOf(change) },
      { name: PIPELINE, quantiles: quantilesOf(pipeline.change) },
      ...(floor === null ? [] : [{ name: FLOOR, isReference: true, quantiles: quantilesOf(floor) }]),
    ],
  };
}

function kinds({ services, change, add, remove }: Result): BarsPlot {
  const group = (title: string, value: (it: Distribution) => number): BarsPlot['groups'][number] => ({
    title,
    bars: [
      { name: 'replaced', value: exactly(value(change)) },
      { name: 'added', value: exactly(value(add)) },
      { name: 'removed', value: exactly(value(remove)) },
    ],
  });
  return {
    kind: 'bars',
    title: `Kinds of changes, ${text(services)} services`,
    axis: { label: 'latency', unit: 'us' },
    groups: [group('p50', (it) => it.p50_us), group('p99', (it) => it.p99_us)],
  };
}

function figuresTable(results: readonly Result[]): Table {
  return {
    title: 'All figures',
    columns: [
      { title: 'backend' },
      { title: 'services' },
      { title: 'load', unit: 'ms' },
      { title: 'replaced p50', unit: 'us' },
      { title: 'p99', unit: 'us' },
      { title: 'largest', unit: 'us' },
      { title: 'added p50', unit: 'us' },
      { title: 'removed p50', unit: 'us' },
      { title: 'floor p50', unit: 'us' },
      { title: 'of the floor', unit: 'x' },
      { title: '1,000 at once', unit: 'ms' },
      { title: 'memory', unit: 'MB' },
    ],
    rows: results.map((it) => [
      it.backend,
      it.services,
      it.load_ms,
      it.change.p50_us,
      it.change.p99_us,
      it.change.max_us,
      it.add.p50_us,
      it.remove.p50_us,
      it.floor?.p50_us ?? null,
      it.change_to_floor,
      it.burst_1000_ms,
      it.rss_mb,
    ]),
  };
}

function quantilesOf({ p50_us, p90_us, p99_us, max_us }: Distribution): Quantile[] {
  return [
    { percent: 50, value: p50_us },
    { percent: 90, value: p90_us },
    { percent: 99, value: p99_us },
    { percent: 100, value: max_us },
  ];
}

function largest(results: readonly Result[]): Result | undefined {
  return results.toSorted((a, b) => b.services - a.services)[0];
}

function text(count: number): string {
  return count.toLocaleString('en-US');
}
