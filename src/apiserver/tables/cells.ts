/** Columns that many kinds have, and how lists become a cell. */
import { isObject, type KubeObject, listAt, textAt, valueAt } from '../objects.ts';
import type { Column } from '../resources/resource.ts';
import { age } from './duration.ts';

export const NONE = '<none>';

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => object.metadata.name,
};

export const AGE: Column = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};

/** A column of text, or of a number. */
export function column(name: string, cell: Column['cell'], options: Partial<Column> = {}): Column {
  return { name, type: 'string', cell, ...options };
}

export function wide(name: string, cell: Column['cell']): Column {
  return column(name, cell, { priority: 1 });
}

/** A number at a path, 0 where there is none. */
export function count(name: string, ...path: readonly string[]): Column {
  return column(name, (object) => Number(valueAt(object, ...path) ?? 0), { type: 'integer' });
}

/** Values joined with commas, `<none>` without any. */
export function joined(values: readonly string[]): string {
  return values.length === 0 ? NONE : values.join(',');
}

/** `app=web,tier=front` */
export function selectorText(value: unknown): string {
  return isObject(value)
    ? joined(
        Object.entries(value)
          .map(([key, it]) => `${key}=${it}`)
          .sort(),
      )
    : NONE;
}

/** A member of each element of a list. */
export function each(object: KubeObject, path: readonly string[], member: string): string[] {
  return listAt(object, ...path).map((element) => textAt(element, member));
}

/** The first `most` values; the rest is counted: `a,b,c + 2 more...` */
export function firstOf(values: readonly string[], most: number): string {
  if (values.length === 0) return '<unset>';
  const more = values.length - most;
  return `${values.slice(0, most).join(',')}${more > 0 ? ` + ${more} more...` : ''}`;
}
