import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { factsOf } from './facts.ts';
import { pageText } from './page.ts';
import type { Section } from './section.ts';

export interface Report {
  readonly title: string;
  readonly startedAt: Date;
  readonly sections: readonly Section[];
}

/** Writes `index.html` into a folder, which is made if it is not there. Resolves to the path of the file. */
export async function writeReport(
  directory: string,
  { title, startedAt, sections }: Report,
): Promise<string> {
  const minutes = Math.ceil((Date.now() - startedAt.getTime()) / 60_000);
  const day = startedAt.toISOString().slice(0, 16).replace('T', ' ');
  const subtitle = `${day} UTC, in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Intervals are those of 95 % confidence, by bootstrap.`;
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, 'index.html');
  await writeFile(file, pageText({ title, subtitle, facts: await factsOf(), sections }));
  return file;
}
