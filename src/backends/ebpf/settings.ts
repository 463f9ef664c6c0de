import type { NodeSettings } from '../../forwarding/node-settings.ts';
import { type PodInterface, PUT, rowHead } from '../../native/addon.ts';
import type { Cidr } from '../../net/address.ts';
import { withoutNested } from '../../net/cidr.ts';
import { pushAll, wordsOf } from '../row-words.ts';
import { WordBuffer } from '../word-buffer.ts';

/** Rows of settings: one of flags, and one for each range and address. */
const KIND = { flags: 16, podRange: 17, nodeAddress: 18, serviceCIDR: 19 } as const;

const FLAG = { masqueradeAll: 1, anyNodeAddress: 2, podsAreTold: 4 } as const;

/** All settings of a family, as the addon puts them in the place of those before. */
export function settingsRows(settings: NodeSettings): Uint32Array {
  const { localPods, masqueradeAll, nodePortAddresses, serviceCIDRs } = settings;
  const rows = new WordBuffer();
  rows.push(rowHead(PUT, KIND.flags));
  rows.push(
    (masqueradeAll ? FLAG.masqueradeAll : 0) |
      (nodePortAddresses === 'any' ? FLAG.anyNodeAddress : 0) |
      (localPods === undefined ? 0 : FLAG.podsAreTold),
  );
  if (localPods?.by === 'source') pushRange(rows, KIND.podRange, localPods.cidr);
  for (const address of nodePortAddresses === 'any' ? [] : nodePortAddresses) {
    rows.push(rowHead(PUT, KIND.nodeAddress));
    pushAll(rows, wordsOf(address));
  }
  for (const cidr of withoutNested(serviceCIDRs)) pushRange(rows, KIND.serviceCIDR, cidr);
  return rows.take();
}

/** The interfaces that pods are behind, where they are told by that. */
export function podInterface({ localPods }: NodeSettings): PodInterface | undefined {
  if (localPods?.by !== 'interface') return undefined;
  const { name, isPrefix } = localPods;
  return { name, isPrefix };
}

function pushRange(rows: WordBuffer, kind: number, { address, prefixLength }: Cidr): void {
  rows.push(rowHead(PUT, kind));
  rows.push(prefixLength);
  pushAll(rows, wordsOf(address));
}
