import type { Element } from 'hast';
import { h } from 'hastscript';
import { intervalText, numberText, unitText } from './numbers.ts';
import type { Cell, Column, Table } from './section.ts';

/** A table longer than this is folded, which takes no script: plots and other sections are to be found beside it. */
const MOST_OPEN_ROWS = 12;

export function tableOf(table: Table): Element {
  const { title, rows } = table;
  if (rows.length <= MOST_OPEN_ROWS) return h('div.table', [bareTable(table, [h('caption', title)])]);
  return h('details', [
    h('summary', [title, ' ', h('small', `${rows.length} rows`)]),
    h('div.table', [bareTable(table)]),
  ]);
}

function bareTable({ columns, rows }: Table, caption: Element[] = []): Element {
  const heads = columns.map((column, index) => h('th', { className: sideOf(rows, index) }, headOf(column)));
  return h('table', [
    ...caption,
    h('thead', [h('tr', heads)]),
    h(
      'tbody',
      rows.map((row) => h('tr', row.map(cellOf))),
    ),
  ]);
}

function headOf({ title, unit = '' }: Column) {
  return unit === '' ? [title] : [title, ' ', h('small', unitText(unit))];
}

function cellOf(cell: Cell): Element {
  if (typeof cell === 'string') return h('td.text', cell);
  if (cell === null) return h('td', '–');
  if (typeof cell === 'number') return h('td', numberText(cell));
  const interval = intervalText(cell);
  return h('td', [numberText(cell.value), ...(interval === undefined ? [] : [h('small', interval)])]);
}

/** A head stands above its cells. */
function sideOf(rows: Table['rows'], column: number): string[] {
  return rows.some((row) => typeof row[column] === 'string') ? ['text'] : [];
}
