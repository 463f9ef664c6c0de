/**
 * Text of a manifest to untyped values, and fields back to their place in the text.
 *
 * Values and places are found apart: JSON.parse is many times faster than a YAML parser but knows no lines, and lines
 * are needed only for errors.
 */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { FieldPath } from '../api/field-errors.ts';
import type { Position } from './problem.ts';

/** The documents of a text (null for one without content), or why it is none. */
export type Parsed =
  | { readonly documents: readonly unknown[] }
  | { readonly syntaxError: string; readonly position: Position };

/** Parses YAML, and JSON as the YAML that it is. `isJson` tries the fast way first. Never throws. */
export function parseManifest(text: string, isJson: boolean): Parsed {
  return (isJson ? parseJson(text) : undefined) ?? parseYaml(text);
}

function parseJson(text: string): Parsed | undefined {
  try {
    return { documents: [JSON.parse(text)] };
  } catch {
    // Where and why it is broken, the YAML parser tells; what it accepts (comments, several documents) kubectl does too.
    return undefined;
  }
}

function parseYaml(text: string): Parsed {
  const { documents, lines } = yamlDocuments(text);
  const error = documents.flatMap((document) => document.errors)[0];
  if (error !== undefined) return { syntaxError: error.message, position: positionAt(lines, error.pos[0]) };
  const values: unknown[] = [];
  for (const document of documents) {
    try {
      values.push(document.toJS());
    } catch (error) {
      // An alias without its anchor, or so many aliases that they are an attack.
      return { syntaxError: (error as Error).message, position: positionAt(lines, document.range[0]) };
    }
  }
  return { documents: values };
}

/** YAML 1.2 with the merge keys of 1.1, which people use in manifests. */
function yamlDocuments(text: string): { documents: readonly Document.Parsed[]; lines: LineCounter } {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    stringKeys: true,
    logLevel: 'error',
  });
  return { documents, lines };
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Where a field of the n-th document (from 0) is, or the nearest thing around it that is in the text. */
export type Locator = (document: number, path: FieldPath) => Position | undefined;

/** A locator for a text. It parses the text on its first use, and once. */
export function locatorOf(text: string): Locator {
  let parsed: ReturnType<typeof yamlDocuments> | undefined;
  return (index, path) => {
    parsed ??= yamlDocuments(text);
    const document = parsed.documents[index];
    const offset = document === undefined ? undefined : offsetOf(document, path);
    return offset === undefined ? undefined : positionAt(parsed.lines, offset);
  };
}

function offsetOf(document: Document.Parsed, path: FieldPath): number | undefined {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0];
  for (const key of path) {
    const child = childOf(node, key);
    if (child === undefined) break;
    node = child.value;
    offset = child.start?.range?.[0] ?? offset;
  }
  return offset;
}

/** A child, and the node at which a reader would point: the key of a map's entry, the item itself in a list. */
function childOf(
  node: unknown,
  key: string | number,
): { start: Node | undefined; value: unknown } | undefined {
  if (isSeq<Node>(node) && typeof key === 'number') {
    const item = node.items[key];
    return item && { start: item, value: item };
  }
  if (!isMap<Node, Node>(node)) return undefined;
  const pair = node.items.find((candidate) => isScalar(candidate.key) && candidate.key.value === key);
  return pair && { start: pair.key, value: pair.value };
}
