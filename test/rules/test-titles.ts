import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TESTS = path.resolve(import.meta.dirname, '..');

/** `test('title', ...)`, or `test(more('title'), ...)`. One that is skipped, expected to fail or still to be written proves nothing. */
const TITLE = /\btest(?:\.serial)?\(\s*(?:\w+\(\s*)?(['"`])((?:\\.|(?!\1).)*)\1/g;

export const RULE_ID = /\b[A-Z]{2,5}-\d{2}\b/g;

/** The titles of all tests of the project. */
export function testTitles(): string[] {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => path.join(TESTS, file));
  return sources.flatMap((file) => titlesIn(readFileSync(file, 'utf8')));
}

export function titlesIn(source: string): string[] {
  return [...source.matchAll(TITLE)].map((match) => match[2] ?? '');
}

export function ruleIdsIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(RULE_ID) ?? []));
}
