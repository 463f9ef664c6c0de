import type { FieldError } from '../field-error.ts';
import { type KubeObject, keyOf } from '../objects.ts';
import type { Cluster } from '../store/cluster.ts';
import { alignClusterIPs, dropUnneeded, keepAllocations } from './carry-over.ts';
import { allocateClusterIPs } from './cluster-ips.ts';
import { setDefaults } from './defaults.ts';
import { setFamilies } from './ip-families.ts';
import { allocateNodePorts } from './node-ports.ts';
import type { ServiceObject } from './service-object.ts';
import { validateService } from './validate.ts';

/** All that happens to a Service before it is stored: defaults, what it keeps of the version before, judgement, addresses. */
export function admitService(
  object: KubeObject,
  old: KubeObject | undefined,
  cluster: Cluster,
): readonly FieldError[] {
  const service = object as ServiceObject;
  service.spec ??= {};
  const { spec } = service;
  const oldSpec = (old as ServiceObject | undefined)?.spec;
  service.status ??= { loadBalancer: {} };
  alignClusterIPs(spec, oldSpec);
  setDefaults(spec);
  if (oldSpec !== undefined) {
    keepAllocations(spec, oldSpec);
    dropUnneeded(spec, oldSpec);
  }
  const key = keyOf(object.metadata.namespace, object.metadata.name);
  const steps = [
    () => validateService(spec, oldSpec),
    () => setFamilies(spec, oldSpec, cluster),
    () => allocateClusterIPs(key, spec, cluster),
    () => allocateNodePorts(key, spec, cluster),
  ];
  for (const step of steps) {
    const errors = step();
    if (errors.length > 0) return errors;
  }
  return [];
}
