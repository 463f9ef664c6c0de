import type { Result } from './result.ts';

interface Column {
  readonly title: string;
  /** In the title row below, so that a column says what it counts. */
  readonly unit: string;
  readonly value: (result: Result) => number | string;
}

const LATENCIES: readonly Column[] = [
  { title: 'backend', unit: '', value: (it) => it.backend },
  { title: 'services', unit: '', value: (it) => it.services },
  { title: 'change', unit: 'p50 us', value: (it) => it.change.p50_us },
  { title: '', unit: 'p99', value: (it) => it.change.p99_us },
  { title: '', unit: 'p99.9', value: (it) => it.change.p999_us },
  { title: '', unit: 'max', value: (it) => it.change.max_us },
  { title: 'floor', unit: 'p50 us', value: (it) => it.floor?.p50_us ?? '-' },
  { title: '', unit: 'p99', value: (it) => it.floor?.p99_us ?? '-' },
  { title: 'change', unit: 'x floor', value: (it) => it.change_to_floor ?? '-' },
  { title: 'pipeline', unit: 'p50 us', value: (it) => it.pipeline.change.p50_us },
  { title: 'add', unit: 'p50 us', value: (it) => it.add.p50_us },
  { title: 'remove', unit: 'p50 us', value: (it) => it.remove.p50_us },
  { title: 'create', unit: 'p50 us', value: (it) => it.create.p50_us },
  { title: 'delete', unit: 'p50 us', value: (it) => it.delete.p50_us },
  { title: 'rolling', unit: 'p50 us', value: (it) => it.rolling.p50_us },
];

const LOADS: readonly Column[] = [
  { title: 'backend', unit: '', value: (it) => it.backend },
  { title: 'services', unit: '', value: (it) => it.services },
  { title: 'load', unit: 'ms', value: (it) => it.load_ms },
  { title: 'floor', unit: 'ms', value: (it) => it.floor?.load_ms ?? '-' },
  { title: 'pipeline', unit: 'ms', value: (it) => it.pipeline.load_ms },
  { title: '', unit: 'us/svc', value: (it) => it.pipeline.load_us_per_service },
  { title: 'burst', unit: 'ms', value: (it) => it.burst_1000_ms },
  { title: 'churn', unit: 'a second', value: (it) => it.churn?.rate ?? '-' },
  { title: '', unit: 'p50 us', value: (it) => it.churn?.latency.p50_us ?? '-' },
  { title: '', unit: 'p99', value: (it) => it.churn?.latency.p99_us ?? '-' },
  { title: '', unit: 'p99.9', value: (it) => it.churn?.latency.p999_us ?? '-' },
  { title: 'CPU us', unit: 'user', value: (it) => it.churn?.cpu.user_us ?? '-' },
  { title: '', unit: 'kernel', value: (it) => it.churn?.cpu.system_us ?? '-' },
  { title: 'highest', unit: 'a second', value: (it) => it.churn?.highest_rate ?? '-' },
  { title: 'GC', unit: 'max ms', value: (it) => it.churn?.gc_longest_ms ?? '-' },
  { title: 'memory', unit: 'MB', value: (it) => it.rss_mb },
];

const WIDTH = 9;

/** Two lines above the rows. */
export function tableHead(): string {
  return head(LATENCIES);
}

export function tableRow(result: Result): string {
  return row(LATENCIES, result);
}

/** The second table, printed when all is measured. */
export function loadTable(results: readonly Result[]): string {
  return [head(LOADS), ...results.map((result) => row(LOADS, result)), ''].join('\n');
}

/** Below the rows: what the columns mean. */
export const TABLE_LEGEND = `
change    one endpoint replaced, from the object handed over until committed; add, remove: one more, one less;
          create, delete: a service and its slice; rolling: one of the 1,000 endpoints of a service replaced
          All these come 200 us apart, so that the kernel's deferred work after a deletion is in nobody's way
floor     the same kernel operation from a C program, on a map of the same size, in turns with the changes
          and at the same pace; a load far above 1 ms for 1,000: some program on this machine listens to nftables
pipeline  the same without a kernel
load      everything from empty until committed
burst     1,000 changed slices handed over at once until committed, the median of several
churn     changes of all kinds at so many a second, from when each was due until committed; highest: the rate at
          which p99 stays below 5 ms for a second; CPU: of the JavaScript thread for a change; GC: the longest that the garbage collector held up a change
memory    resident after the single changes; nobody asked for a garbage collection
`;

function head(columns: readonly Column[]): string {
  return `${line(columns.map((column) => column.title))}\n${line(columns.map((column) => column.unit))}`;
}

function row(columns: readonly Column[], result: Result): string {
  return line(columns.map(({ value }) => value(result)));
}

function line(cells: readonly (number | string)[]): string {
  return cells.map(cellText).join('');
}

function cellText(cell: number | string): string {
  const text = typeof cell === 'string' || Number.isInteger(cell) ? String(cell) : cell.toFixed(1);
  return text.padStart(WIDTH);
}
