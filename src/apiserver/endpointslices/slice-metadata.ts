/** Metadata of slices: whose they are, and since when. Source: endpointslice/utils.go, setEndpointSliceLabels and newEndpointSlice. */
import type { ObjectMeta } from '../objects.ts';
import { isHeadless, type ServiceObject } from '../services/service-object.ts';
import { CONTROLLER, HEADLESS, MANAGED_BY, SERVICE_NAME, type SliceObject, TRIGGER_TIME } from './objects.ts';

/** The metadata of a Service's slice; of a new one, or of `existing` in its next version. */
export function sliceMetadata(
  service: ServiceObject,
  existing: SliceObject | undefined,
  triggerTime: string | undefined,
): Partial<ObjectMeta> {
  const { name, namespace = '', uid = '' } = service.metadata;
  const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
  const { [TRIGGER_TIME]: _outdated, ...kept } = existing?.metadata.annotations ?? {};
  const annotations = triggerTime === undefined ? kept : { ...kept, [TRIGGER_TIME]: triggerTime };
  return {
    ...(existing === undefined ? { generateName: `${name}-` } : { name: existing.metadata.name }),
    namespace,
    labels: labelsOf(service),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ownerReferences: [owner],
  };
}

/** The Service's own labels go along, except those that mean something on slices. */
function labelsOf({ metadata, spec }: ServiceObject): Record<string, string> {
  const reserved = [SERVICE_NAME, MANAGED_BY, HEADLESS];
  const own = Object.entries(metadata.labels ?? {}).filter(([label]) => !reserved.includes(label));
  return {
    ...Object.fromEntries(own),
    ...(isHeadless(spec) ? { [HEADLESS]: '' } : {}),
    [MANAGED_BY]: CONTROLLER,
    [SERVICE_NAME]: metadata.name,
  };
}
