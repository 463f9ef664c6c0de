import type { Named, Plot, Section } from '../section.ts';

/** How many colours style.ts has; further names take them again. */
const COLOURS = 6;

/** The class of each name in a section: the same in all of its plots. */
export type Colours = (name: string) => string;

export function coloursOf({ plots }: Section): Colours {
  const names = plots.flatMap(namedIn);
  const references = new Set(names.filter((it) => it.isReference).map((it) => it.name));
  const coloured = [...new Set(names.map((it) => it.name))].filter((name) => !references.has(name));
  return (name) =>
    references.has(name) ? 'reference' : `colour-${Math.max(0, coloured.indexOf(name)) % COLOURS}`;
}

function namedIn(plot: Plot): readonly Named[] {
  return plot.kind === 'bars' ? plot.groups.flatMap(({ bars }) => bars) : plot.series;
}
