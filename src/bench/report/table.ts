import type { Element } from 'hast';
import { h } from 'hastscript';
import { intervalText, numberText, unitText } from './numbers.ts';
import type { Cell, Column, Table } from './section.ts';

export function tableOf({ title, columns, rows }: Table): Element {
  return h('div.table', [
    h('table', [
      h('caption', title),
      h('thead', [
        h(
          'tr',
          columns.map((column, index) => h('th', { className: sideOf(rows, index) }, headOf(column))),
        ),
      ]),
      h(
        'tbody',
        rows.map((row) => h('tr', row.map(cellOf))),
      ),
    ]),
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
