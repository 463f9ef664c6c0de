/** discovery.k8s.io/v1 EndpointSlice. Source: staging/src/k8s.io/api/discovery/v1/{types.go,generated.proto}. */
import { OBJECT_REFERENCE } from './event.ts';
import { kindMessage } from './meta.ts';
import { bool, int32, list, map, message, nested, optional, string } from './schema.ts';

const CONDITIONS = message('EndpointConditions', {
  ready: optional(bool(1)),
  serving: optional(bool(2)),
  terminating: optional(bool(3)),
});

const HINTS = message('EndpointHints', {
  forZones: list(nested(message('ForZone', { name: string(1) }), 1)),
  forNodes: list(nested(message('ForNode', { name: string(1) }), 2)),
});

const ENDPOINT = message('Endpoint', {
  addresses: list(string(1)),
  conditions: nested(CONDITIONS, 2),
  hostname: optional(string(3)),
  targetRef: optional(nested(OBJECT_REFERENCE, 4)),
  deprecatedTopology: map(string(5)),
  nodeName: optional(string(6)),
  zone: optional(string(7)),
  hints: optional(nested(HINTS, 8)),
});

const ENDPOINT_PORT = message('EndpointPort', {
  name: optional(string(1)),
  protocol: optional(string(2)),
  port: optional(int32(3)),
  appProtocol: optional(string(4)),
});

export const ENDPOINT_SLICE = kindMessage('EndpointSlice', {
  addressType: string(4),
  endpoints: list(nested(ENDPOINT, 2)),
  ports: list(nested(ENDPOINT_PORT, 3)),
});
