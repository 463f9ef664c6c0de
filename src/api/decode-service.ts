/** core/v1 Service, from an untyped value. What its fields must be, service.ts says. */
import type { FieldErrors } from './field-errors.ts';
import { type Fields, integerField, objectListField, stringField, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { Service, ServicePort } from './objects.ts';
import { sectionField } from './sections.ts';
import { ingressAddress, LONGEST_AFFINITY_SECONDS, type Spec, serviceOf, specOf } from './service.ts';
import { servicePortOf } from './service-port.ts';

/** Reads a Service. The result is good only if no error was added. */
export function decodeService(fields: Fields, errors: FieldErrors): Service {
  const metadata = sectionField(fields, 'metadata', errors, decodeMetadata);
  const spec = sectionField(fields, 'spec', errors, decodeSpec);
  return serviceOf(metadata, spec, sectionField(fields, 'status', errors, decodeStatus));
}

function decodeSpec(fields: Fields, errors: FieldErrors): Spec {
  const ports = objectListField(fields, 'ports', errors, decodePort);
  const given = fields['ports'] ?? [];
  const hasNone = Array.isArray(given) && given.length === 0;
  const parts = {
    type: fields['type'] ?? undefined,
    clusterIP: stringField(fields, 'clusterIP', errors),
    clusterIPs: stringListField(fields, 'clusterIPs', errors),
    ipFamilies: stringListField(fields, 'ipFamilies', errors),
    ports: hasNone ? undefined : ports,
    externalIPs: stringListField(fields, 'externalIPs', errors),
    loadBalancerSourceRanges: stringListField(fields, 'loadBalancerSourceRanges', errors),
    internalTrafficPolicy: fields['internalTrafficPolicy'] ?? undefined,
    externalTrafficPolicy: fields['externalTrafficPolicy'] ?? undefined,
    sessionAffinity: fields['sessionAffinity'] ?? undefined,
    affinityTimeoutSeconds: sectionField(fields, 'sessionAffinityConfig', errors, decodeAffinity),
    healthCheckNodePort: fields['healthCheckNodePort'] ?? undefined,
  };
  return specOf(parts, errors);
}

function decodePort(fields: Fields, errors: FieldErrors): ServicePort {
  const parts = {
    name: stringField(fields, 'name', errors),
    protocol: fields['protocol'] ?? undefined,
    port: fields['port'] ?? undefined,
    nodePort: fields['nodePort'] ?? undefined,
  };
  return servicePortOf(parts, errors);
}

function decodeAffinity(config: Fields, errors: FieldErrors): number | undefined {
  return sectionField(config, 'clientIP', errors, (clientIP) =>
    integerField(clientIP, 'timeoutSeconds', 1, LONGEST_AFFINITY_SECONDS, errors),
  );
}

function decodeStatus(status: Fields, errors: FieldErrors): readonly string[] {
  return sectionField(status, 'loadBalancer', errors, (balancer) =>
    objectListField(balancer, 'ingress', errors, decodeIngress).flatMap((address) => address ?? []),
  );
}

function decodeIngress(ingress: Fields, errors: FieldErrors): string | undefined {
  return ingressAddress(stringField(ingress, 'ip', errors), stringField(ingress, 'ipMode', errors));
}
