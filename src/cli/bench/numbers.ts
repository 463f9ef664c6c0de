import { MAX_ADDRESSES } from '../../bench/common/manifests.ts';
import { UsageError } from '../run-options.ts';

/** A slice holds no more; one more is added while measuring. */
export const MAX_ENDPOINTS = 999;

/** Addresses that are left for changes, so that none comes back while somebody has it. */
const SPARE_ADDRESSES = 2 ** 22;

/** Throws {@link UsageError} if the bench has not so many addresses. */
export function checkAddresses(endpointsInAll: number): void {
  const most = MAX_ADDRESSES - SPARE_ADDRESSES;
  if (endpointsInAll > most) {
    throw new UsageError(`--services: more than ${most} endpoints in all are too many`);
  }
}

/** Reads a number from 1 to `most`. Throws {@link UsageError} naming the flag. */
export function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new UsageError(`${flag}: "${text}" is not a whole number from 1 to ${most}`);
}
