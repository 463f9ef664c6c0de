/** Answers on healthCheckNodePort while the proxy is healthy: section 17 of the spec. */
import type { Family } from '../situation.ts';
import type { Model } from './model.ts';

export type HealthAnswer =
  | { readonly status: number; readonly localEndpoints: number }
  | { readonly listening: false };

/** `service` is `namespace/name`. */
export function healthAnswer(model: Model, service: string, family: Family, port: number): HealthAnswer {
  const { node } = model[family];
  const ports = model[family].ports.filter((it) => `${it.namespace}/${it.service}` === service);
  const isChecked = ports.some(({ healthCheckNodePort }) => healthCheckNodePort === port); // HC-01
  const isReachable = node.addresses.some((address) => node.takesNodePortsAt(address)); // HC-05, NPA-10
  if (!isChecked || !isReachable) return { listening: false };
  const ready = ports.flatMap(({ endpoints }) => endpoints.filter((it) => it.isLocal && it.isReady));
  const localEndpoints = new Set(ready.map(({ address }) => address)).size; // HC-02
  return { status: localEndpoints > 0 ? 200 : 503, localEndpoints }; // HC-03
}
