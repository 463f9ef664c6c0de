/** Services and pods by label, so that a change of one finds the others without looking at all. */
import type { KubeObject } from '../objects.ts';

export type Labels = Readonly<Record<string, string>>;

/** Objects by single labels of a namespace. */
export class LabelIndex {
  readonly #objects = new Map<string, Set<KubeObject>>();

  readonly #labelsOf: (object: KubeObject) => Labels;

  /** `labelsOf`: what an object is found by. */
  constructor(labelsOf: (object: KubeObject) => Labels) {
    this.#labelsOf = labelsOf;
  }

  /** Replaces an object by its new version; each may be undefined. */
  replace(before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (before !== undefined) for (const pair of this.#pairs(before)) this.#drop(pair, before);
    if (now === undefined) return;
    for (const pair of this.#pairs(now)) {
      const found = this.#objects.get(pair) ?? new Set();
      this.#objects.set(pair, found.add(now));
    }
  }

  /** Objects of a namespace that have at least one of the labels. */
  *withAny(namespace: string | undefined, labels: Labels): Iterable<KubeObject> {
    for (const [name, value] of Object.entries(labels))
      yield* this.#objects.get(pairOf(namespace, name, value)) ?? [];
  }

  #pairs(object: KubeObject): string[] {
    const { namespace } = object.metadata;
    return Object.entries(this.#labelsOf(object)).map(([name, value]) => pairOf(namespace, name, value));
  }

  #drop(pair: string, object: KubeObject): void {
    const found = this.#objects.get(pair);
    found?.delete(object);
    if (found?.size === 0) this.#objects.delete(pair);
  }
}

function pairOf(namespace: string | undefined, name: string, value: string): string {
  return `${namespace}/${name}=${value}`;
}

/** Whether labels have all that a selector asks for. An empty selector selects nothing here: such Services have no endpoints of ours. */
export function selects(selector: Labels, labels: Labels = {}): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([name, value]) => labels[name] === value);
}

/** The first label of a selector; it finds all candidates. */
export function firstOf(selector: Labels): Labels {
  return Object.fromEntries(Object.entries(selector).slice(0, 1));
}
