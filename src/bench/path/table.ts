import type { Estimate } from '../common/estimate.ts';
import type { FigureName } from './figures.ts';
import { MEASURE } from './measures.ts';
import type { Result } from './result.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly value: (result: Result) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'services', width: 8, value: (it) => String(it.services) },
  { title: 'target', width: 8, value: (it) => it.target },
  { title: 'path', width: 18, value: pathText },
  { title: 'figure', width: 11, value: (it) => figureText(it.figure) },
  { title: 'value', width: 10, value: (it) => numberText(it.value.value) },
  {
    title: 'over direct',
    width: 13,
    value: (it) => (it.path === 'direct' ? '-' : numberText(it.over_direct.value)),
  },
  { title: 'x direct', width: 21, value: (it) => (it.path === 'direct' ? '-' : ratioText(it.to_direct)) },
  {
    title: 'x conntrack',
    width: 21,
    value: (it) => (it.backend === null ? '-' : ratioText(it.to_conntrack)),
  },
  { title: 'x first', width: 21, value: (it) => (it.to_first === null ? '-' : ratioText(it.to_first)) },
];

/** All results are of one measure and origin. */
export function pathTable(results: readonly Result[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const head = `\n${first.measure} from ${first.from}: ${MEASURE[first.measure].title}`;
  const rows = [
    COLUMNS.map(({ title }) => title),
    ...results.map((it) => COLUMNS.map(({ value }) => value(it))),
  ];
  return [head, ...rows.map(line), ''].join('\n');
}

/** Below the tables: what the columns mean. */
export const PATH_LEGEND = `
path      direct: to the pod, nothing looks at packets on the node; conntrack: to the pod, connections are tracked;
          beside: to the pod, on the node where all services are loaded; service: through the service there, by its
          cluster IP from pods and from the node, by its node port from outside
target    the first service, the last, or a random one for each flow; without the service, the same endpoints
value     median of blocks that take turns in random order; x: median of the ratios of blocks of the same round, with
          its 95 % interval by bootstrap
`;

export function pathText({ path, backend }: Pick<Result, 'path' | 'backend'>): string {
  return backend === null ? path : path === 'service' ? `${backend}` : `beside ${backend}`;
}

export function figureText(figure: FigureName): string {
  return FIGURE_TEXT[figure];
}

const FIGURE_TEXT: Readonly<Record<FigureName, string>> = {
  p50_us: 'p50 us',
  p99_us: 'p99 us',
  per_s: 'per second',
  gbit_per_s: 'Gbit/s',
};

function ratioText({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function numberText(value: number): string {
  return value.toFixed(Math.abs(value) < 1000 ? 1 : 0);
}

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padStart((COLUMNS[index]?.width ?? 0) + 1)).join('');
}
