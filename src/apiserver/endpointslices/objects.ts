/** What the controller reads and writes, as the schemas have read it. */
import type { KubeObject } from '../objects.ts';

export interface PodObject extends KubeObject {
  spec: {
    nodeName?: string;
    hostname?: string;
    subdomain?: string;
    containers?: Container[];
    initContainers?: Container[];
  };
  status?: {
    phase?: string;
    podIPs?: { ip: string }[];
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
  };
}

export interface Container {
  name: string;
  restartPolicy?: string;
  ports?: { name?: string; containerPort?: number; protocol?: string }[];
}

export interface SliceObject extends KubeObject {
  addressType: string;
  endpoints: Endpoint[] | null;
  ports: EndpointPort[] | null;
}

export interface Endpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  hostname?: string;
  targetRef?: { kind: string; namespace?: string; name: string; uid?: string };
  nodeName?: string;
  zone?: string;
  hints?: { forZones?: { name: string }[]; forNodes?: { name: string }[] };
}

export interface EndpointPort {
  name: string;
  protocol: string;
  port: number;
  appProtocol?: string;
}

/** Label: the Service that a slice belongs to. */
export const SERVICE_NAME = 'kubernetes.io/service-name';
/** Label: who keeps a slice; others leave it alone. */
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const CONTROLLER = 'endpointslice-controller.k8s.io';
/** Label: the slice is of a headless Service, which proxies need not know. */
export const HEADLESS = 'service.kubernetes.io/headless';
/** Annotation: when what led to the last change happened. */
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
/** Label of Nodes. */
export const ZONE = 'topology.kubernetes.io/zone';
