/** core/v1 Node (wire.md 4); images and conditions are passed over. What the fields must be, node.ts says. */
import { type NodeAddress, nodeAddressesOf, podCIDRsOf } from '../node.ts';
import type { ObjectMessage } from './object-message.ts';
import { noMetadata, readMetadata, type VersionedMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readNode(wire: WireReader): ObjectMessage {
  let metadata: VersionedMetadata | undefined;
  let podCIDRs: readonly string[] = [];
  let addresses: readonly string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) podCIDRs = wire.message('spec', readSpec);
    else if (field === 3) addresses = wire.message('status', readStatus);
    else wire.skip();
  }
  const { name, labels, resourceVersion } = metadata ?? noMetadata(wire.errors);
  return { object: { kind: 'Node', name, labels, podCIDRs, addresses }, resourceVersion };
}

function readSpec(wire: WireReader): readonly string[] {
  let podCIDR: string | undefined;
  const podCIDRs: string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) podCIDR = wire.string('podCIDR');
    else if (field === 7) podCIDRs.push(wire.string('podCIDRs'));
    else wire.skip();
  }
  return podCIDRsOf(podCIDRs, podCIDR, wire.errors);
}

function readStatus(wire: WireReader): readonly string[] {
  const addresses: NodeAddress[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 5) addresses.push(wire.message('addresses', readAddress, addresses.length));
    else wire.skip();
  }
  return nodeAddressesOf(addresses);
}

function readAddress(wire: WireReader): NodeAddress {
  let type: string | undefined;
  let address: string | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) type = wire.sharedString('type');
    else if (field === 2) address = wire.string('address');
    else wire.skip();
  }
  return { type, address };
}
