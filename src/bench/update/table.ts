import type { Result } from './result.ts';

interface Column {
  readonly title: string;
  /** In the title row below, so that a column says what it counts. */
  readonly unit: string;
  readonly value: (result: Result) => number | string;
}

const COLUMNS: readonly Column[] = [
  { title: 'services', unit: '', value: (it) => it.services },
  { title: 'load', unit: 'ms', value: (it) => it.load_ms },
  { title: 'change', unit: 'p50 us', value: (it) => it.change.p50_us },
  { title: '', unit: 'p90', value: (it) => it.change.p90_us },
  { title: '', unit: 'p99', value: (it) => it.change.p99_us },
  { title: '', unit: 'max', value: (it) => it.change.max_us },
  { title: 'add', unit: 'p50 us', value: (it) => it.add.p50_us },
  { title: '', unit: 'p99', value: (it) => it.add.p99_us },
  { title: 'remove', unit: 'p50 us', value: (it) => it.remove.p50_us },
  { title: '', unit: 'p99', value: (it) => it.remove.p99_us },
  { title: 'floor', unit: 'load ms', value: (it) => it.floor?.load_ms ?? '-' },
  { title: '', unit: 'p50 us', value: (it) => it.floor?.p50_us ?? '-' },
  { title: '', unit: 'p99', value: (it) => it.floor?.p99_us ?? '-' },
  { title: 'change', unit: 'x floor', value: (it) => it.change_to_floor ?? '-' },
  { title: 'pipeline', unit: 'p50 us', value: (it) => it.pipeline.change.p50_us },
  { title: 'burst', unit: 'ms', value: (it) => it.burst_1000_ms },
  { title: 'memory', unit: 'MB', value: (it) => it.rss_mb },
];

const WIDTH = 9;

/** Two lines above the rows. */
export function tableHead(): string {
  return `${line(COLUMNS.map((column) => column.title))}\n${line(COLUMNS.map((column) => column.unit))}`;
}

export function tableRow(result: Result): string {
  return line(COLUMNS.map(({ value }) => value(result)));
}

/** Below the rows: what the columns mean. */
export const TABLE_LEGEND = `
load      everything from empty until committed
change    one endpoint replaced, from the object handed over until committed; add and remove: one more, one less
floor     the same kernel operation from a C program, on a map of the same size, in turns with the changes;
          a load above some 1 s for 300,000 endpoints: some program on this machine listens to nftables
pipeline  the change without a kernel
burst     1,000 changed slices handed over at once until committed, the median of several
memory    resident after all that; nobody asked for a garbage collection
`;

function line(cells: readonly (number | string)[]): string {
  return cells.map(cellText).join('');
}

function cellText(cell: number | string): string {
  const text = typeof cell === 'string' || Number.isInteger(cell) ? String(cell) : cell.toFixed(1);
  return text.padStart(WIDTH);
}
