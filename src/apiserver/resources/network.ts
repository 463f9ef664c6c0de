/** EndpointSlices, ServiceCIDRs and Leases. Columns: pkg/printers/internalversion/printers.go. */
import { parseCidr } from '../../net/address.ts';
import { type FieldError, invalidValue, required } from '../field-error.ts';
import { type KubeObject, listAt, textAt, timestamp } from '../objects.ts';
import { ENDPOINT_SLICE } from '../schema/endpoint-slice.ts';
import { LEASE, SERVICE_CIDR } from '../schema/small-kinds.ts';
import type { Cluster } from '../store/cluster.ts';
import { AGE, column, each, firstOf, joined, NAME } from '../tables/cells.ts';
import { admitEndpointSlice } from './admit-endpoint-slice.ts';
import { resource } from './resource.ts';

export const ENDPOINT_SLICES = resource({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  hasGeneration: true,
  hasProtobuf: true,
  schema: ENDPOINT_SLICE,
  admit: admitEndpointSlice,
  columns: [
    NAME,
    column('AddressType', (slice) => textAt(slice, 'addressType')),
    column('Ports', (slice) =>
      firstOf(
        each(slice, ['ports'], 'port').map((it) => it || '*'),
        3,
      ),
    ),
    column('Endpoints', (slice) =>
      firstOf(
        listAt(slice, 'endpoints').flatMap((it) => listAt(it, 'addresses').map(String)),
        3,
      ),
    ),
    AGE,
  ],
});

export const SERVICE_CIDRS = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  isNamespaced: false,
  hasStatus: true,
  hasProtobuf: true,
  schema: SERVICE_CIDR,
  admit: admitServiceCidr,
  columns: [NAME, column('CIDRs', (object) => joined(listAt(object, 'spec', 'cidrs').map(String))), AGE],
});

function admitServiceCidr(
  object: KubeObject,
  old: KubeObject | undefined,
  cluster: Cluster,
): readonly FieldError[] {
  const cidrs = listAt(object, 'spec', 'cidrs').map(String);
  object['status'] ??= { conditions: [readyCondition(object, timestamp(cluster.now()))] };
  if (cidrs.length === 0) return [required('spec.cidrs', 'at least one CIDR required')];
  if (old !== undefined && cidrs.join() !== listAt(old, 'spec', 'cidrs').join()) {
    return [invalidValue('spec.cidrs', cidrs, 'field is immutable')];
  }
  const rule = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
  return cidrs.flatMap((text, index) =>
    parseCidr(text) === undefined ? invalidValue(`spec.cidrs[${index}]`, text, rule) : [],
  );
}

function readyCondition({ metadata }: KubeObject, time: string): object {
  const message =
    metadata.name === 'kubernetes'
      ? 'Kubernetes default Service CIDR is ready'
      : 'Kubernetes Service CIDR is ready';
  return { type: 'Ready', status: 'True', lastTransitionTime: time, message };
}

export const LEASES = resource({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  hasProtobuf: true,
  schema: LEASE,
  columns: [NAME, column('Holder', (lease) => textAt(lease, 'spec', 'holderIdentity')), AGE],
});
