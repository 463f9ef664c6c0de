import type { FieldType, SetLayout } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';

export const TABLE = 'nodeplane';

/**
 * Frontends are dispatched by size class: the smallest power of two that is not below their number of slots.
 *
 * Why classes: nftables can draw a random number only below a constant, so the number of slots must select a
 * rule. A map from frontends to verdicts would do, but the kernel walks every verdict of a table each time
 * one is added (measured on 6.18: 3.4 ms at 30,000 services). Sets without verdicts cost the same at any size.
 */
export const CLASS_COUNT = 15;

/** Slots that the largest class holds; a frontend with more endpoints is refused. */
export const MAX_SLOTS = 2 ** (CLASS_COUNT - 1);

/** Index of the class of a frontend with `slots` slots, 1..MAX_SLOTS. */
export function classOf(slots: number): number {
  return 32 - Math.clz32(slots - 1);
}

export function classSize(index: number): number {
  return 2 ** index;
}

export function classSetName(index: number): string {
  return `frontends-${classSize(index)}`;
}

/** Positions of the sets in {@link setLayouts}, by which rows name them. */
export const SET = { slots: 0, noEndpoints: 1, clusterIPs: 2, hairpins: 3, firstClass: 4 } as const;

/** The sets whose elements change, as the addon encodes them. The names are those of the ruleset. */
export function setLayouts(family: Family): SetLayout[] {
  const address: FieldType = family === 'IPv4' ? 'ipv4' : 'ipv6';
  const frontend: FieldType[] = [address, 'protocol', 'port'];
  return [
    { name: 'slots', key: [...frontend, 'index'], data: [address, 'port'] },
    { name: 'no-endpoints', key: frontend, data: [] },
    { name: 'cluster-ips', key: [address], data: [] },
    { name: 'hairpin', key: [address, address], data: [] },
    ...Array.from({ length: CLASS_COUNT }, (_, index) => ({
      name: classSetName(index),
      key: frontend,
      data: [],
    })),
  ];
}
