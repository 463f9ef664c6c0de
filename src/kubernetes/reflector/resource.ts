import type { TypeMeta } from '../../api/decode.ts';
import type { Kind } from '../../api/objects.ts';

/** A kind of objects that is followed, and which of them (wire.md 6). */
export interface Resource extends TypeMeta {
  readonly kind: Kind;
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The proxy works without it: the server may be older than it, or not let us have it. */
  readonly isOptional?: boolean;
}

/** All that a service proxy follows. Selectors: SVC-01, EP-02, NODE-02. */
export function resourcesOf(nodeName: string): readonly Resource[] {
  return [
    {
      kind: 'Service',
      apiVersion: 'v1',
      path: '/api/v1/services',
      labelSelector: '!service.kubernetes.io/service-proxy-name',
      fieldSelector: 'spec.clusterIP!=None',
    },
    {
      kind: 'EndpointSlice',
      apiVersion: 'discovery.k8s.io/v1',
      path: '/apis/discovery.k8s.io/v1/endpointslices',
      labelSelector: '!service.kubernetes.io/headless',
    },
    {
      kind: 'ServiceCIDR',
      apiVersion: 'networking.k8s.io/v1',
      path: '/apis/networking.k8s.io/v1/servicecidrs',
      isOptional: true,
    },
    { kind: 'Node', apiVersion: 'v1', path: '/api/v1/nodes', fieldSelector: `metadata.name=${nodeName}` },
  ];
}
