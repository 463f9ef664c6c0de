import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describeFieldError, FieldErrors } from '../../api/field-errors.ts';
import { isFields } from '../../api/fields.ts';
import { isNot } from '../../api/values.ts';
import { decodeVector } from './decode-vector.ts';
import type { Vector } from './vector.ts';

/** What a folder of vector files holds. */
export interface VectorFolder {
  /** In the order of the files' names. */
  readonly vectors: readonly Vector[];
  /** What could not be read, in one sentence each: `FILE: vector ID: FIELD: what is wrong`. */
  readonly problems: readonly string[];
}

const SCHEMA = 1;

/** Reads every `.json` file of a folder. What is wrong in one place does not keep the rest from being read. */
export async function readVectors(directory: string): Promise<VectorFolder> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).toSorted();
  const vectors = new Map<string, Vector>();
  const problems: string[] = [];
  for (const name of names) {
    const file = parseFile(await readFile(path.join(directory, name), 'utf8'));
    for (const problem of file.problems) problems.push(`${name}: ${problem}`);
    for (const vector of file.vectors) {
      if (vectors.has(vector.id))
        problems.push(`${name}: vector ${vector.id}: id: another vector has it too`);
      else vectors.set(vector.id, vector);
    }
  }
  if (names.length === 0) problems.push(`${directory}: there is no .json file`);
  return { vectors: [...vectors.values()], problems };
}

/** Reads the text of one file. */
export function parseFile(text: string): VectorFolder {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { vectors: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
  if (!isFields(document)) return { vectors: [], problems: ['is no object'] };
  const { schema, vectors } = document;
  if (schema !== SCHEMA) return { vectors: [], problems: [`schema: ${isNot(schema, String(SCHEMA))}`] };
  if (!Array.isArray(vectors)) return { vectors: [], problems: [`vectors: ${isNot(vectors, 'a list')}`] };
  return decodeVectors(vectors);
}

function decodeVectors(values: readonly unknown[]): VectorFolder {
  const vectors: Vector[] = [];
  const problems: string[] = [];
  for (const [index, value] of values.entries()) {
    const errors = new FieldErrors();
    const vector = isFields(value) ? decodeVector(value, errors) : undefined;
    if (vector === undefined) errors.add(isNot(value, 'an object'));
    if (vector !== undefined && errors.count === 0) vectors.push(vector);
    else problems.push(`vector ${vector?.id || `number ${index}`}: ${describe(errors)}`);
  }
  return { vectors, problems };
}

/** The first error is usually the cause of the others. */
function describe({ list: [first, ...others] }: FieldErrors): string {
  const text = first === undefined ? '' : describeFieldError(first);
  return others.length === 0 ? text : `${text} (and ${others.length} more)`;
}
