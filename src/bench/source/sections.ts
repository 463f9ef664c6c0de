import { exactly } from '../report/exactly.ts';
import { quantilesOfDistribution } from '../report/quantiles.ts';
import type { BarsPlot, DistributionPlot, Section, Table } from '../report/section.ts';
import type { DecodeResult, Result } from './result.ts';
import type { SourceReport } from './source.ts';

/** One chapter: the way from an API server to the kernel. */
export function sourceSections(report: SourceReport, command: string): Section[] {
  const { services, endpoints, start, change, burst } = report;
  const size = `${services.toLocaleString('en-US')} services`;
  return [
    {
      title: 'From the API server to the kernel',
      about: `nodeplane follows the embedded API server with ${size} of ${endpoints} endpoints each, in a process of its own on the same machine: how long it takes from the start until everything is committed in nftables, how long a change takes that the server sends, and how fast objects are decoded, beside what JSON.parse alone takes for the same.`,
      command,
      noise: report.noise,
      figures: [
        { label: `from the start to all in the kernel, ${size}`, value: start.synced_ms, unit: 'ms' },
        {
          label: 'from sent by the server to committed, p50',
          value: change.sent_to_committed.p50_us,
          unit: 'us',
        },
        {
          label: 'from read by the daemon to committed, p50',
          value: change.read_to_committed.p50_us,
          unit: 'us',
        },
        { label: 'memory after the start', value: start.rss_mb, unit: 'MB' },
      ],
      plots: [
        changes(report),
        startParts(report),
        decoding(report.decode, 'list'),
        decoding(report.decode, 'watch'),
      ],
      tables: [
        figuresTable(report),
        {
          title: `${burst.changes.toLocaleString('en-US')} changes at once`,
          columns: [
            { title: 'from sent to the last commit', unit: 'ms' },
            { title: 'from read to the last commit', unit: 'ms' },
            { title: 'transactions' },
            { title: 'CPU a change', unit: 'us' },
          ],
          rows: [[burst.sent_to_committed_ms, burst.read_to_committed_ms, burst.transactions, burst.cpu_us]],
        },
      ],
    },
  ];
}

function changes({ services, change }: Result): DistributionPlot {
  const latencies = {
    'sent to committed': change.sent_to_committed,
    'read to committed': change.read_to_committed,
  };
  return {
    kind: 'distribution',
    title: `One endpoint of a slice replaced, ${services.toLocaleString('en-US')} services`,
    y: { label: 'latency', unit: 'us', scale: 'log' },
    series: Object.entries(latencies).map(([name, latency]) => ({
      name,
      quantiles: quantilesOfDistribution(latency),
    })),
  };
}

function startParts({ start }: Result): BarsPlot {
  return {
    kind: 'bars',
    title: 'The start',
    note: `Medians of ${start.n} starts, each in a process of its own.`,
    axis: { label: 'time', unit: 'ms' },
    groups: [
      {
        title: 'from the start on',
        bars: [
          { name: 'all lists read', value: exactly(start.listed_ms) },
          { name: 'all committed', value: exactly(start.synced_ms) },
        ],
      },
      {
        title: 'CPU time meanwhile',
        bars: [
          { name: 'daemon', value: exactly(start.daemon_cpu_ms) },
          { name: 'API server', value: exactly(start.server_cpu_ms) },
        ],
      },
    ],
  };
}

function decoding(results: readonly DecodeResult[], form: DecodeResult['form']): BarsPlot {
  return {
    kind: 'bars',
    title: form === 'list' ? 'Decoding a list of EndpointSlices' : 'Decoding a watch of EndpointSlices',
    axis: { label: 'objects a second', unit: '', scale: 'log' },
    groups: results
      .filter((it) => it.form === form)
      .map(({ endpoints, protobuf, json, json_parse }) => ({
        title: `${endpoints} endpoints a slice`,
        bars: [
          { name: 'protobuf', value: exactly(protobuf.objects_per_s) },
          { name: 'JSON', value: exactly(json.objects_per_s) },
          { name: 'JSON.parse alone', isReference: true, value: exactly(json_parse.objects_per_s) },
        ],
      })),
  };
}

function figuresTable({ change }: Result): Table {
  const latencies = {
    'sent by the server': change.sent_to_committed,
    'read by the daemon': change.read_to_committed,
  };
  return {
    title: 'One endpoint replaced, until it is committed',
    columns: [
      { title: 'from' },
      { title: 'changes' },
      { title: 'p50', unit: 'us' },
      { title: 'p90', unit: 'us' },
      { title: 'p99', unit: 'us' },
      { title: 'largest', unit: 'us' },
      { title: 'CPU a change', unit: 'us' },
    ],
    rows: Object.entries(latencies).map(([name, { n, p50_us, p90_us, p99_us, max_us }]) => [
      name,
      n,
      p50_us,
      p90_us,
      p99_us,
      max_us,
      change.cpu_us,
    ]),
  };
}
