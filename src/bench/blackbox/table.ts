import type { Figures, Result } from './result.ts';

interface Column {
  readonly title: string;
  readonly unit: string;
  readonly value: (figures: Figures) => number;
}

const COLUMNS: readonly Column[] = [
  { title: 'first', unit: 'ms', value: ({ start }) => start.first_ms.value },
  { title: 'all', unit: 'ms', value: ({ start }) => start.all_ms.value },
  { title: 'CPU', unit: 'ms', value: ({ start }) => start.cpu_ms.value },
  { title: 'memory', unit: 'MB', value: ({ start }) => start.memory_mb.value },
  { title: 'change', unit: 'p50 us', value: ({ change }) => change.p50_us.value },
  { title: '', unit: 'p90', value: ({ change }) => change.p90_us.value },
  { title: '', unit: 'p99', value: ({ change }) => change.p99_us.value },
  { title: '', unit: 'max', value: ({ change }) => change.max_us },
  { title: 'CPU', unit: 'us', value: ({ change }) => change.cpu_us },
  { title: 'within', unit: 'us', value: ({ change }) => change.resolution_us.p50 },
];

const WIDTH = 11;
const NAME_WIDTH = 18;

/** Two lines above the rows. */
export function tableHead(): string {
  return `${line(
    'services',
    'daemon',
    COLUMNS.map((it) => it.title),
  )}\n${line(
    '',
    '',
    COLUMNS.map((it) => it.unit),
  )}`;
}

/** A row; for a daemon that failed, why, and what it printed last. */
export function tableRow({ services, daemon, figures, failure }: Result): string {
  if (figures === null) {
    const reason = `${String(services).padEnd(WIDTH)}${daemon.padEnd(NAME_WIDTH)}failed: ${failure?.reason}`;
    return [reason, ...(failure?.output ?? []).map((text) => `    ${text}`)].join('\n');
  }
  return line(
    String(services),
    daemon,
    COLUMNS.map(({ value }) => value(figures).toFixed(1)),
  );
}

/** Below the rows: what the columns mean. */
export const TABLE_LEGEND = `
first     from the start of the program until the first of 16 services answered a packet; all: until every service did
CPU       of the daemon and all that it starts: until then, and for each change
memory    resident then; pages that processes share are counted once
change    one endpoint replaced, from the change at the API server to the first packet that the new one answered
within    from probe to probe, p50: a latency may be too long by this much
`;

function line(services: string, daemon: string, cells: readonly string[]): string {
  return `${services.padEnd(WIDTH)}${daemon.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`;
}
