import { readFileSync } from 'node:fs';

const SPEC = new URL('../../../shared/spec/behaviour.md', import.meta.url);

/** The ids of the rules that each section of the behaviour spec defines. */
export function specRules(): Map<number, string[]> {
  const sections = new Map<number, string[]>();
  let section = 0;
  for (const line of readFileSync(SPEC, 'utf8').split('\n')) {
    section = Number(/^## (\d+)\. /.exec(line)?.[1] ?? section);
    const id = /^- \*\*([A-Z]+-\d+)\*\* /.exec(line)?.[1];
    if (id !== undefined) sections.set(section, [...(sections.get(section) ?? []), id]);
  }
  return sections;
}
