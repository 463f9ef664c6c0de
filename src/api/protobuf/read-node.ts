/** core/v1 Node: the fields that decode-node.ts reads, as JSON has them (wire.md 4). Images and conditions are not. */
import type { Fields } from '../fields.ts';
import { type MetadataFields, readMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readNode(wire: WireReader): Fields {
  let metadata: MetadataFields | undefined;
  let spec: Fields | undefined;
  let status: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) spec = wire.message('spec', readSpec);
    else if (field === 3) status = wire.message('status', readStatus);
    else wire.skip();
  }
  return { metadata, spec, status };
}

function readSpec(wire: WireReader): Fields {
  let podCIDR: string | undefined;
  const podCIDRs: string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) podCIDR = wire.string('podCIDR');
    else if (field === 7) podCIDRs.push(wire.string('podCIDRs'));
    else wire.skip();
  }
  return { podCIDR, podCIDRs };
}

function readStatus(wire: WireReader): Fields {
  const addresses: Fields[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 5) addresses.push(wire.message('addresses', readAddress, addresses.length));
    else wire.skip();
  }
  return { addresses };
}

function readAddress(wire: WireReader): Fields {
  let type: string | undefined;
  let address: string | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) type = wire.sharedString('type');
    else if (field === 2) address = wire.string('address');
    else wire.skip();
  }
  return { type, address };
}
