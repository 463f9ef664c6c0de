import type { BarsPlot, DistributionPlot, KeyFigure, LinesPlot, Section, Table } from '../report/section.ts';
import type { BlackboxReport } from './blackbox.ts';
import type { Figures, Result } from './result.ts';

type Measured = Result & { readonly figures: Figures };

/** One chapter: all daemons side by side. */
export function blackboxSections({ results, noise }: BlackboxReport, command: string): Section[] {
  const measured = results.filter((it): it is Measured => it.figures !== null);
  return [
    {
      title: 'From outside: the daemon as a black box',
      about:
        'A service proxy daemon in a network namespace of its own, as on a node, follows an API server. One endpoint of a service is replaced there; the time ends with the first packet that the new endpoint answers. Only packets decide, several in each millisecond, and the daemon’s rules are never read, so that any proxy can be measured the same way. The probed services have one endpoint each. Start is from the start of the program until services answer.',
      command,
      noise,
      figures: keyFigures(measured),
      plots: plotsOf(measured),
      tables: [figuresTable(measured), ...failuresTable(results)],
    },
  ];
}

/** Of the first daemon with the most services. */
function keyFigures(measured: readonly Measured[]): KeyFigure[] {
  const [first] = largest(measured);
  if (first === undefined) return [];
  const { daemon, services, figures } = first;
  const at = `${services.toLocaleString('en-US')} services, ${daemon}`;
  return [
    { label: `change until the new endpoint answers, p50, ${at}`, value: figures.change.p50_us, unit: 'us' },
    { label: `the same, p99, ${at}`, value: figures.change.p99_us, unit: 'us' },
    { label: `start until all services answer, ${at}`, value: figures.start.all_ms, unit: 'ms' },
    { label: `memory, ${at}`, value: figures.start.memory_mb, unit: 'MB' },
  ];
}

function plotsOf(measured: readonly Measured[]): Section['plots'] {
  if (measured.length === 0) return [];
  const hasGrowth = new Set(measured.map((it) => it.services)).size > 1;
  return [
    ...(hasGrowth ? [growthOfChanges(measured), growthOfStarts(measured)] : []),
    distribution(measured),
    memory(measured),
  ];
}

function growthOfChanges(measured: readonly Measured[]): LinesPlot {
  return growth(
    measured,
    'Change until the new endpoint answers, by number of services',
    'latency, p50',
    'us',
    (it) => it.change.p50_us,
  );
}

function growthOfStarts(measured: readonly Measured[]): LinesPlot {
  return growth(measured, 'Start until all services answer', 'time', 'ms', (it) => it.start.all_ms);
}

function growth(
  measured: readonly Measured[],
  title: string,
  label: string,
  unit: string,
  value: (figures: Figures) => LinesPlot['series'][number]['points'][number]['y'],
): LinesPlot {
  const daemons = [...new Set(measured.map((it) => it.daemon))];
  return {
    kind: 'lines',
    title,
    x: { label: 'services', unit: '', scale: 'log' },
    // Proxies differ by powers of ten.
    y: { label, unit, scale: daemons.length > 1 ? 'log' : 'linear' },
    series: daemons.map((name) => ({
      name,
      points: measured
        .filter((it) => it.daemon === name)
        .map(({ services, figures }) => ({ x: services, y: value(figures) }))
        .toSorted((a, b) => a.x - b.x),
    })),
  };
}

function distribution(measured: readonly Measured[]): DistributionPlot {
  const shown = largest(measured);
  const services = shown[0]?.services ?? 0;
  return {
    kind: 'distribution',
    title: `Every change, ${services.toLocaleString('en-US')} services`,
    y: { label: 'latency', unit: 'us', scale: 'log' },
    series: shown.map(({ daemon, figures }) => ({ name: daemon, quantiles: figures.change.quantiles })),
  };
}

function memory(measured: readonly Measured[]): BarsPlot {
  const shown = largest(measured);
  return {
    kind: 'bars',
    title: `Memory after the start, ${(shown[0]?.services ?? 0).toLocaleString('en-US')} services`,
    note: 'Of the daemon and all that it starts; shared pages counted once.',
    axis: { label: 'resident', unit: 'MB' },
    groups: [
      {
        title: '',
        bars: shown.map(({ daemon, figures }) => ({ name: daemon, value: figures.start.memory_mb })),
      },
    ],
  };
}

/** Those with the most services that were measured. */
function largest(measured: readonly Measured[]): Measured[] {
  const most = Math.max(...measured.map((it) => it.services));
  return measured.filter((it) => it.services === most);
}

function figuresTable(measured: readonly Measured[]): Table {
  return {
    title: 'All figures',
    columns: [
      { title: 'daemon' },
      { title: 'services' },
      { title: 'first answer', unit: 'ms' },
      { title: 'all answer', unit: 'ms' },
      { title: 'CPU', unit: 'ms' },
      { title: 'memory', unit: 'MB' },
      { title: 'change p50', unit: 'us' },
      { title: 'p99', unit: 'us' },
      { title: 'largest', unit: 'us' },
      { title: 'CPU a change', unit: 'us' },
      { title: 'resolution', unit: 'us' },
    ],
    rows: measured.map(({ daemon, services, figures: { start, change } }) => [
      daemon,
      services,
      start.first_ms,
      start.all_ms,
      start.cpu_ms,
      start.memory_mb,
      change.p50_us,
      change.p99_us,
      change.max_us,
      change.cpu_us,
      change.resolution_us.p50,
    ]),
  };
}

function failuresTable(results: readonly Result[]): Table[] {
  const rows = results.flatMap(({ daemon, services, failure }) =>
    failure === null ? [] : [[daemon, services, failure.reason, failure.output.join('\n')]],
  );
  if (rows.length === 0) return [];
  const columns = ['daemon', 'services', 'why there are no figures', 'what it printed last'];
  return [{ title: 'Failed', columns: columns.map((title) => ({ title })), rows }];
}
