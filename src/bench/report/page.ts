import type { Element } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { h } from 'hastscript';
import type { Noise } from '../common/noise.ts';
import { intervalText, numberText, unitText } from './numbers.ts';
import { coloursOf } from './plots/colours.ts';
import { figureOf } from './plots/draw.ts';
import type { KeyFigure, Section } from './section.ts';
import { STYLE } from './style.ts';
import { tableOf } from './table.ts';

export interface Page {
  readonly title: string;
  /** One line below it: when, how long. */
  readonly subtitle: string;
  /** What the figures depend on: machine, kernel, versions. */
  readonly facts: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

/** Everything is in it: it loads nothing and runs nothing. */
export function pageText(page: Page): string {
  const head = h('head', [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    // An address of its own would be asked for otherwise.
    h('link', { rel: 'icon', href: 'data:,' }),
    h('title', page.title),
    h('style', STYLE),
  ]);
  const body = h('body', [h('main', [headerOf(page), ...page.sections.map(sectionOf)])]);
  return `<!doctype html>\n${toHtml(h('html', { lang: 'en' }, [head, body]))}\n`;
}

function headerOf({ title, subtitle, facts, sections }: Page): Element {
  const links = sections.map((section, index) => h('a', { href: `#${idOf(index)}` }, section.title));
  return h('header', [
    h('h1', title),
    h('p', subtitle),
    h(
      'dl',
      Object.entries(facts).map(([name, value]) => h('div', [h('dt', name), h('dd', value)])),
    ),
    ...(sections.length > 1 ? [h('nav', links)] : []),
  ]);
}

function sectionOf(section: Section, index: number): Element {
  const { title, about, command, noise, figures = [], plots, tables } = section;
  const colours = coloursOf(section);
  return h('section', { id: idOf(index) }, [
    h('h2', title),
    h('p', about),
    h('pre', h('code', command)),
    ...(noise === undefined ? [] : [noiseOf(noise)]),
    ...(figures.length === 0 ? [] : [h('ul.figures', figures.map(figureTile))]),
    ...(plots.length === 0
      ? []
      : [
          h(
            'div.plots',
            plots.map((plot) => figureOf(plot, colours)),
          ),
        ]),
    ...tables.map(tableOf),
  ]);
}

function idOf(index: number): string {
  return `section-${index + 1}`;
}

function noiseOf({ steal_percent, others_percent, isNoisy, reasons }: Noise): Element {
  if (isNoisy) {
    return h('p.noise.noisy', [
      h('b', 'Noisy machine: '),
      `${reasons.join('; ')}. Do not quote these figures.`,
    ]);
  }
  const shares = `${steal_percent} % of the CPU time went to other machines, ${others_percent} % to other programs.`;
  return h('p.noise', [h('b', 'Quiet machine: '), shares]);
}

function figureTile({ label, value, unit }: KeyFigure): Element {
  const number = typeof value === 'number' ? value : value.value;
  const interval = typeof value === 'number' ? undefined : intervalText(value);
  return h('li', [
    h('b', [numberText(number), ' ', h('span', unitText(unit))]),
    h('small', label),
    ...(interval === undefined ? [] : [h('small', `95 %: ${interval}`)]),
  ]);
}
