/**
 * Deployments in protobuf, as `kubectl create deployment` sends them: this server keeps workloads as JSON, but kubectl's
 * typed clients send nothing else. Fields that are not declared are refused where they occur, so that none is lost.
 * Source: staging/src/k8s.io/api/{apps,core}/v1/generated.proto.
 */
import { OBJECT_META } from './meta.ts';
import {
  bool,
  int32,
  int64,
  intOrString,
  list,
  map,
  nested,
  openMessage,
  optional,
  quantity,
  string,
} from './schema.ts';

const CONTAINER = openMessage('Container', {
  name: string(1),
  image: string(2),
  command: list(string(3)),
  args: list(string(4)),
  workingDir: string(5),
  ports: list(
    nested(
      openMessage('ContainerPort', {
        name: string(1),
        hostPort: int32(2),
        containerPort: int32(3),
        protocol: string(4),
        hostIP: string(5),
      }),
      6,
    ),
  ),
  env: list(nested(openMessage('EnvVar', { name: string(1), value: string(2) }), 7)),
  resources: nested(
    openMessage('ResourceRequirements', { limits: map(quantity(1)), requests: map(quantity(2)) }),
    8,
  ),
  terminationMessagePath: string(13),
  imagePullPolicy: string(14),
  stdin: bool(16),
  stdinOnce: bool(17),
  tty: bool(18),
  terminationMessagePolicy: string(20),
});

const POD_SPEC = openMessage('PodSpec', {
  containers: list(nested(CONTAINER, 2)),
  restartPolicy: string(3),
  terminationGracePeriodSeconds: optional(int64(4)),
  activeDeadlineSeconds: optional(int64(5)),
  dnsPolicy: string(6),
  nodeSelector: map(string(7)),
  serviceAccountName: string(8),
  serviceAccount: string(9),
  nodeName: string(10),
  hostNetwork: bool(11),
  hostPID: bool(12),
  hostIPC: bool(13),
  hostname: string(16),
  subdomain: string(17),
  schedulerName: string(19),
  initContainers: list(nested(CONTAINER, 20)),
  priorityClassName: string(24),
});

const SELECTOR = openMessage('LabelSelector', {
  matchLabels: map(string(1)),
  matchExpressions: list(
    nested(
      openMessage('LabelSelectorRequirement', {
        key: string(1),
        operator: string(2),
        values: list(string(3)),
      }),
      2,
    ),
  ),
});

const TEMPLATE = openMessage('PodTemplateSpec', {
  metadata: nested(OBJECT_META, 1),
  spec: nested(POD_SPEC, 2),
});

const ROLLING_UPDATE = openMessage('RollingUpdateDeployment', {
  maxUnavailable: optional(intOrString(1)),
  maxSurge: optional(intOrString(2)),
});

const SPEC = openMessage('DeploymentSpec', {
  replicas: optional(int32(1)),
  selector: nested(SELECTOR, 2),
  template: nested(TEMPLATE, 3),
  strategy: nested(
    openMessage('DeploymentStrategy', { type: string(1), rollingUpdate: nested(ROLLING_UPDATE, 2) }),
    4,
  ),
  minReadySeconds: int32(5),
  revisionHistoryLimit: optional(int32(6)),
  paused: bool(7),
  progressDeadlineSeconds: optional(int32(9)),
});

const STATUS = openMessage('DeploymentStatus', {
  observedGeneration: int64(1),
  replicas: int32(2),
  updatedReplicas: int32(3),
  availableReplicas: int32(4),
  unavailableReplicas: int32(5),
  readyReplicas: int32(7),
  collisionCount: optional(int32(8)),
});

export const DEPLOYMENT_MESSAGE = openMessage('Deployment', {
  metadata: nested(OBJECT_META, 1),
  spec: nested(SPEC, 2),
  status: nested(STATUS, 3),
});
