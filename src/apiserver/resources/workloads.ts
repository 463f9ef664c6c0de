/** Pods, and Deployments and DaemonSets, which are only stored: nothing here makes pods of them. */
import { type FieldError, required } from '../field-error.ts';
import { isObject, type KubeObject, listAt, textAt, valueAt } from '../objects.ts';
import { DEPLOYMENT_MESSAGE } from '../schema/deployment-message.ts';
import { DAEMON_SET, DEPLOYMENT, POD } from '../schema/workloads.ts';
import { AGE, column, count, each, joined, NAME, NONE, selectorText, wide } from '../tables/cells.ts';
import { resource } from './resource.ts';

export const PODS = resource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  schema: POD,
  selectableFields: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  admit: admitPod,
  columns: [
    NAME,
    column('Ready', (pod) => `${readyContainers(pod)}/${listAt(pod, 'spec', 'containers').length}`),
    column('Status', podStatus),
    column('Restarts', restarts),
    AGE,
    wide('IP', (pod) => textAt(pod, 'status', 'podIP') || NONE),
    wide('Node', (pod) => textAt(pod, 'spec', 'nodeName') || NONE),
    wide('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') || NONE),
    wide('Readiness Gates', () => NONE),
  ],
});

/** Defaults: pkg/apis/core/v1/defaults.go, as far as something here or in kubectl reads them. */
function admitPod(pod: KubeObject): readonly FieldError[] {
  pod['spec'] ??= {};
  pod['status'] ??= {};
  const { spec, status } = pod as KubeObject & Record<'spec' | 'status', Record<string, unknown>>;
  spec['restartPolicy'] ??= 'Always';
  spec['terminationGracePeriodSeconds'] ??= 30;
  spec['dnsPolicy'] ??= 'ClusterFirst';
  status['phase'] ??= 'Pending';
  alignPodIPs(status);
  for (const container of listAt(spec, 'containers')) defaultProtocols(container);
  return listAt(spec, 'containers').length === 0 ? [required('spec.containers')] : [];
}

function alignPodIPs(status: Record<string, unknown>): void {
  const first = textAt(listAt(status, 'podIPs')[0], 'ip');
  if (first !== '') status['podIP'] = first;
  else if (status['podIP'] !== undefined) status['podIPs'] = [{ ip: status['podIP'] }];
}

function defaultProtocols(container: unknown): void {
  for (const port of listAt(container, 'ports')) if (isObject(port)) port['protocol'] ??= 'TCP';
}

/** Containers that say so; without container statuses all are as ready as the pod. */
function readyContainers(pod: KubeObject): number {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  if (statuses.length > 0) return statuses.filter((it) => valueAt(it, 'ready') === true).length;
  const ready = listAt(pod, 'status', 'conditions').find((it) => textAt(it, 'type') === 'Ready');
  return textAt(ready, 'status') === 'True' ? listAt(pod, 'spec', 'containers').length : 0;
}

function podStatus(pod: KubeObject): string {
  return pod.metadata.deletionTimestamp === undefined
    ? textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase')
    : 'Terminating';
}

function restarts(pod: KubeObject): string {
  return String(
    listAt(pod, 'status', 'containerStatuses').reduce<number>(
      (sum, it) => sum + Number(valueAt(it, 'restartCount') ?? 0),
      0,
    ),
  );
}

const TEMPLATE_CONTAINERS = ['spec', 'template', 'spec', 'containers'];

const TEMPLATE_COLUMNS = [
  wide('Containers', (object) => joined(each(object, TEMPLATE_CONTAINERS, 'name'))),
  wide('Images', (object) => joined(each(object, TEMPLATE_CONTAINERS, 'image'))),
  wide('Selector', (object) => selectorText(valueAt(object, 'spec', 'selector', 'matchLabels'))),
];

export const DEPLOYMENTS = resource({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  schema: DEPLOYMENT,
  bodyMessage: DEPLOYMENT_MESSAGE,
  admit: (object) => {
    if (isObject(object['spec'])) object['spec']['replicas'] ??= 1;
    object['status'] ??= {};
    return listAt(object, ...TEMPLATE_CONTAINERS).length === 0
      ? [required('spec.template.spec.containers')]
      : [];
  },
  columns: [
    NAME,
    column(
      'Ready',
      (object) =>
        `${Number(valueAt(object, 'status', 'readyReplicas') ?? 0)}/${Number(valueAt(object, 'spec', 'replicas') ?? 1)}`,
    ),
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
});

export const DAEMON_SETS = resource({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  schema: DAEMON_SET,
  admit: (object) => {
    object['status'] ??= {};
    return listAt(object, ...TEMPLATE_CONTAINERS).length === 0
      ? [required('spec.template.spec.containers')]
      : [];
  },
  columns: [
    NAME,
    count('Desired', 'status', 'desiredNumberScheduled'),
    count('Current', 'status', 'currentNumberScheduled'),
    count('Ready', 'status', 'numberReady'),
    count('Up-to-date', 'status', 'updatedNumberScheduled'),
    count('Available', 'status', 'numberAvailable'),
    column('Node Selector', (object) =>
      selectorText(valueAt(object, 'spec', 'template', 'spec', 'nodeSelector')),
    ),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
});
