import { type Addon, loadAddon } from '../../src/native/addon.ts';

/** The addon as callers without types see it. */
export const untyped = loadAddon() as unknown as Readonly<
  Record<keyof Addon, new (...args: unknown[]) => object>
>;

/** What a bad argument throws. */
export type Fault = 'TypeError' | 'RangeError';
