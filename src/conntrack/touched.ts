import type { UdpFrontend } from './udp-frontend.ts';

/** UDP frontends by their key. */
export type Frontends = Map<string, UdpFrontend>;

/** What changed, and whose connections must be looked at for that. */
export interface Touched {
  /** Service ports, by id, whose endpoints changed: it is about their frontends. Cheap to note, resolved when needed. */
  readonly ports: Set<string>;
  /** Frontends that came, went, or changed hands. */
  readonly frontends: Frontends;
}

export function nothingTouched(): Touched {
  return { ports: new Set(), frontends: new Map() };
}

export function isNothing({ ports, frontends }: Touched): boolean {
  return ports.size === 0 && frontends.size === 0;
}

/** Adds all of `source` to `target`. */
export function addTouched(target: Touched, source: Touched): void {
  for (const id of source.ports) target.ports.add(id);
  for (const [key, frontend] of source.frontends) target.frontends.set(key, frontend);
}
