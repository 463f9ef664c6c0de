import type { Element } from 'hast';
import { h } from 'hastscript';
import type { Plot } from '../section.ts';
import { drawBars } from './bars.ts';
import type { Colours } from './colours.ts';
import { drawDistribution } from './distribution.ts';
import { drawLines } from './lines.ts';

/** A plot with its title, what to know of it, and the names of its colours. */
export function figureOf(plot: Plot, colours: Colours): Element {
  return h('figure', [
    h('figcaption', [h('strong', plot.title), ...(plot.note === undefined ? [] : [h('p', plot.note)])]),
    ...legend(plot, colours),
    draw(plot, colours),
  ]);
}

function draw(plot: Plot, colours: Colours): Element {
  if (plot.kind === 'lines') return drawLines(plot, colours);
  return plot.kind === 'bars' ? drawBars(plot, colours) : drawDistribution(plot, colours);
}

/** Bars carry their names, and a single line has that of the plot. */
function legend(plot: Plot, colours: Colours): Element[] {
  if (plot.kind === 'bars' || plot.series.length < 2) return [];
  return [
    h(
      'ul.legend',
      plot.series.map(({ name }) => h('li', { className: [colours(name)] }, [h('i'), name])),
    ),
  ];
}
