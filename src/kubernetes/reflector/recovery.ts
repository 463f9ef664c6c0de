/** What to do when a list or a watch fails (wire.md 5). Pure: the table of cases, nothing else. */
import { ApiError } from '../http/api-error.ts';

/**
 * What was going on: a list as a stream, a list in pages, one of its later pages, a watch being opened, or a watch that
 * was accepted (an error is then an ERROR event).
 */
export type Phase = 'streaming-list' | 'list' | 'next-page' | 'watch' | 'events';

export type Recovery =
  /** The same again, from the same version. */
  | 'again'
  /** The same again; if that goes on for too long, list. */
  | 'again-then-list'
  /** List, not older than the last version. */
  | 'list'
  /** The last version is of no use: list whatever is newest. */
  | 'list-newest'
  /** As `list-newest`, and in one page: tokens of pages expire too soon. */
  | 'list-whole'
  /** The server has no streaming lists: list in pages. */
  | 'list-in-pages'
  /** The server does not have the resource. */
  | 'missing';

export function recoveryOf(error: unknown, phase: Phase): Recovery {
  if (!(error instanceof ApiError)) return 'again';
  const { code, causes } = error.status;
  if (causes.includes('ResourceVersionTooLarge')) return 'list-newest';
  if (code === 410) return recoveryOfExpiry(phase);
  if (phase === 'events') return recoveryOfEvent(code);
  if (code === 404) return 'missing';
  if (!isRefusal(code)) return 'again';
  if (phase === 'streaming-list') return 'list-in-pages';
  return 'list-newest';
}

function recoveryOfExpiry(phase: Phase): Recovery {
  if (phase === 'watch' || phase === 'events') return 'list';
  return phase === 'next-page' ? 'list-whole' : 'list-newest';
}

function recoveryOfEvent(code: number): Recovery {
  if (code === 429) return 'again';
  return code >= 500 ? 'again-then-list' : 'list';
}

/** The request itself is not understood, as opposed to: not now (429), not from you (401, 403), not so (406, 415). */
function isRefusal(code: number): boolean {
  return code >= 400 && code < 500 && ![401, 403, 406, 408, 415, 429].includes(code);
}
