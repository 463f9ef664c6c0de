import type { KernelError } from '../native/addon.ts';
import { ApplyError } from './backend.ts';

/** An entry that no layout of the backend can hold, whatever the kernel would say. */
export function cannotProgram(key: string, cause: unknown): ApplyError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ApplyError(`cannot program ${key}: ${reason}`, { code: 'EINVAL', entry: key, cause });
}

/** What the kernel refused, with the entry whose row it was; other errors stay what they are. */
export function explained(error: unknown, entryOfRow: (row: number) => string | undefined): unknown {
  if (!isKernelError(error)) return error;
  const entry = entryOfRow(error.row);
  const what = entry === undefined ? '' : `${entry}: `;
  return new ApplyError(`${what}${error.message}`, { code: error.code, entry, cause: error });
}

function isKernelError(error: unknown): error is KernelError {
  return error instanceof Error && 'row' in error && typeof error.row === 'number' && 'code' in error;
}
