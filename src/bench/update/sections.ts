import type { Estimate } from '../common/estimate.ts';
import type { Distribution } from '../common/statistics.ts';
import { exactly } from '../report/exactly.ts';
import { quantilesOfDistribution } from '../report/quantiles.ts';
import type {
  BarsPlot,
  DistributionPlot,
  KeyFigure,
  LineSeries,
  LinesPlot,
  Section,
  Table,
} from '../report/section.ts';
import type { Result } from './result.ts';
import type { UpdateReport } from './update.ts';

const FLOOR = 'floor: the kernel alone, from C';
const PIPELINE = 'nodeplane without a kernel';

/** One chapter: rule updates by number of services, above the floor. */
export function updateSections({ noise, results }: UpdateReport, command: string): Section[] {
  return [
    {
      title: 'Rule updates',
      about:
        'An object that was read is handed over; the time ends when the kernel has committed what follows from it. Each kind of change is made one by one to a random service, 200 us after the one before. The floor is the same kernel operation from a C program, on a map of the same size and at the same pace, in turns with the changes: nobody who uses this kernel can be faster. Churn is changes of all kinds at a rate, whether or not those before them are done; its latency counts from when a change was due.',
      command,
      noise,
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
    { label: `one endpoint replaced, p50, ${size}`, value: shown.change_p50_us, unit: 'us' },
    { label: `the same, p99, ${size}`, value: shown.change.p99_us, unit: 'us' },
    ...(shown.change_to_floor_interval === null
      ? []
      : [{ label: `the floor's p50, ${size}`, value: shown.change_to_floor_interval, unit: 'x' }]),
    ...(shown.churn === null
      ? []
      : [
          {
            label: `p99 at ${text(shown.churn.rate)} changes a second, ${size}`,
            value: shown.churn.latency.p99_us / 1000,
            unit: 'ms',
          },
        ]),
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
  const growth =
    results.length > 1
      ? [changesBySize(results), loadBySize(results), ...(shown.churn === null ? [] : [churnBySize(results)])]
      : [];
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
      ...ofBackends(results, (it) => it.change_p50_us),
      ...ofFirstBackend(results, PIPELINE, (it) => it.pipeline.change.p50_us),
      ...ofFirstBackend(results, FLOOR, (it) => it.floor?.p50_us).map(asReference),
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
      ...ofBackends(results, (it) => it.load_ms),
      ...ofFirstBackend(results, PIPELINE, (it) => it.pipeline.load_ms),
      ...ofFirstBackend(results, FLOOR, (it) => it.floor?.load_ms).map(asReference),
    ].filter(({ points }) => points.length > 0),
  };
}

type Figure = (it: Result) => number | Estimate | undefined;

/** A line for each backend. */
function ofBackends(results: readonly Result[], value: Figure): LineSeries[] {
  return Array.from(
    Map.groupBy(results, ({ backend }) => backend),
    ([backend, its]) => bySize(nameOf(backend), its, value),
  );
}

/** What is the same whatever the backend. */
function ofFirstBackend(results: readonly Result[], name: string, value: Figure): LineSeries[] {
  return [
    bySize(
      name,
      results.filter(({ backend }) => backend === results[0]?.backend),
      value,
    ),
  ];
}

function asReference(series: LineSeries): LineSeries {
  return { ...series, isReference: true };
}

function nameOf(backend: string): string {
  return `nodeplane, ${backend}`;
}

function bySize(name: string, results: readonly Result[], value: Figure): LineSeries {
  const points = results.flatMap((it) => {
    const y = value(it);
    return y === undefined ? [] : [{ x: it.services, y: typeof y === 'number' ? exactly(y) : y }];
  });
  return { name, points: points.toSorted((a, b) => a.x - b.x) };
}

function churnBySize(results: readonly Result[]): LinesPlot {
  return {
    kind: 'lines',
    title: `Churn of ${text(results[0]?.churn?.rate ?? 0)} changes a second, by number of services`,
    note: 'Changes come whether or not those before them are done.',
    x: { label: 'services', unit: '', scale: 'log' },
    y: { label: 'latency, p99', unit: 'us' },
    series: ofBackends(results, (it) => it.churn?.latency.p99_us),
  };
}

function distribution({ backend, services, change, pipeline, floor }: Result): DistributionPlot {
  return {
    kind: 'distribution',
    title: `One endpoint replaced, every change, ${text(services)} services`,
    y: { label: 'latency', unit: 'us', scale: 'log' },
    series: [
      { name: nameOf(backend), quantiles: quantilesOfDistribution(change) },
      { name: PIPELINE, quantiles: quantilesOfDistribution(pipeline.change) },
      ...(floor === null
        ? []
        : [{ name: FLOOR, isReference: true, quantiles: quantilesOfDistribution(floor) }]),
    ],
  };
}

function kinds({ backend, services, change, add, remove, create, delete: gone, rolling }: Result): BarsPlot {
  const group = (title: string, value: (it: Distribution) => number): BarsPlot['groups'][number] => ({
    title,
    bars: [
      { name: 'replaced', value: exactly(value(change)) },
      { name: 'added', value: exactly(value(add)) },
      { name: 'removed', value: exactly(value(remove)) },
      { name: 'service created', value: exactly(value(create)) },
      { name: 'service deleted', value: exactly(value(gone)) },
      { name: 'one of 1,000 replaced', value: exactly(value(rolling)) },
    ],
  });
  return {
    kind: 'bars',
    title: `Kinds of changes, ${text(services)} services, ${backend}`,
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
      { title: 'churn', unit: 'a second' },
      { title: 'churn p99', unit: 'us' },
      { title: 'highest', unit: 'a second' },
      { title: 'longest GC', unit: 'ms' },
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
      it.churn?.rate ?? null,
      it.churn?.latency.p99_us ?? null,
      it.churn?.highest_rate ?? null,
      it.churn?.gc_longest_ms ?? null,
      it.rss_mb,
    ]),
  };
}

function largest(results: readonly Result[]): Result | undefined {
  return results.toSorted((a, b) => b.services - a.services)[0];
}

function text(count: number): string {
  return count.toLocaleString('en-US');
}
