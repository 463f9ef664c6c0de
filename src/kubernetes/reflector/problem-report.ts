import type { FieldError } from '../../api/field-errors.ts';
import { type Identity, identityKey } from '../../api/identity.ts';
import type { Kind } from '../../api/objects.ts';
import { type KubernetesProblem, objectProblem } from '../problem.ts';

export interface ProblemListener {
  /** Called once for a problem, when it appears. */
  readonly onProblem: (problem: KubernetesProblem) => void;
  /** Objects of the kind can be followed again. */
  readonly onHealthy: (kind: Kind) => void;
}

/** Beyond this, saying something twice is better than remembering more. */
const MOST_REMEMBERED = 10_000;

/** Tells each problem once for as long as it lasts. */
export class ProblemReport {
  readonly #kind: Kind;
  readonly #listener: ProblemListener;
  readonly #objects = new Map<string, string>();
  #failure: string | undefined;

  constructor(kind: Kind, listener: ProblemListener) {
    this.#kind = kind;
    this.#listener = listener;
  }

  /** The kind as a whole cannot be followed at the moment. */
  failed(message: string): void {
    if (message === this.#failure) return;
    this.#failure = message;
    this.#listener.onProblem({ kind: this.#kind, message });
  }

  works(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#listener.onHealthy(this.#kind);
  }

  unreadable(errors: readonly FieldError[], identity: Identity | undefined): void {
    const problem = objectProblem(this.#kind, errors, identity);
    const key = identity === undefined ? problem.message : identityKey(identity);
    if (this.#objects.get(key) === problem.message) return;
    if (this.#objects.size >= MOST_REMEMBERED) this.#objects.clear();
    this.#objects.set(key, problem.message);
    this.#listener.onProblem(problem);
  }

  /** The object can be read now, or is gone. */
  readable(identity: Identity): void {
    if (this.#objects.size > 0) this.#objects.delete(identityKey(identity));
  }
}
