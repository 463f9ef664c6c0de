/** A Service's ports at a pod: names of targetPort are the pod's to resolve. Source: endpointslice/utils.go, getEndpointPorts. */
import type { ServiceObject, ServicePort } from '../services/service-object.ts';
import type { EndpointPort, PodObject } from './objects.ts';

/** The ports of a pod; a name that the pod does not have makes no port. */
export function portsAt(service: ServiceObject, pod: PodObject): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetNumber(port, pod);
    if (number === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = port;
    return { name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) };
  });
}

function targetNumber(
  { port, targetPort = port, protocol = 'TCP' }: ServicePort,
  { spec }: PodObject,
): number | undefined {
  if (typeof targetPort !== 'string') return targetPort;
  // Init containers that run on (restartPolicy Always) serve as well; others are gone when the pod is ready.
  const sidecars = (spec.initContainers ?? []).filter((it) => it.restartPolicy === 'Always');
  const ports = [...(spec.containers ?? []), ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((it) => it.name === targetPort && (it.protocol ?? 'TCP') === protocol)?.containerPort;
}
