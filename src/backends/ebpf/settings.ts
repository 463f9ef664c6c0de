import type { NodeSettings } from '../../forwarding/node-settings.ts';
import { EBPF_FLAG, EBPF_ROW, type PodInterface, PUT, rowHead } from '../../native/addon.ts';
import type { Cidr } from '../../net/address.ts';
import { withoutNested } from '../../net/cidr.ts';
import { pushAddress } from '../row-words.ts';
import { WordBuffer } from '../word-buffer.ts';

/** All settings of a family, as the addon puts them in the place of those before. */
export function settingsRows(settings: NodeSettings): Uint32Array {
  const { localPods, masqueradeAll, nodePortAddresses, serviceCIDRs } = settings;
  const rows = new WordBuffer();
  rows.push(rowHead(PUT, EBPF_ROW.FLAGS));
  rows.push(
    (masqueradeAll ? EBPF_FLAG.MASQUERADE_ALL : 0) |
      (nodePortAddresses === 'any' ? EBPF_FLAG.NODE_PORTS_ANYWHERE : 0) |
      (localPods === undefined ? 0 : EBPF_FLAG.PODS_KNOWN),
  );
  if (localPods?.by === 'source') pushRange(rows, EBPF_ROW.POD_RANGE, localPods.cidr);
  for (const address of nodePortAddresses === 'any' ? [] : nodePortAddresses) {
    rows.push(rowHead(PUT, EBPF_ROW.NODE_ADDRESS));
    pushAddress(rows, address);
  }
  for (const cidr of withoutNested(serviceCIDRs)) pushRange(rows, EBPF_ROW.SERVICE_CIDR, cidr);
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
  pushAddress(rows, address);
}
