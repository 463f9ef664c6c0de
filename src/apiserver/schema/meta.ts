/** Messages of meta/v1. Source: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/{types.go,generated.proto}. */
import {
  bool,
  type Field,
  fieldsV1,
  int32,
  int64,
  keyedList,
  list,
  type Message,
  map,
  message,
  nested,
  openMessage,
  optional,
  setList,
  string,
  time,
} from './schema.ts';

const OWNER_REFERENCE = message('OwnerReference', {
  apiVersion: string(5),
  kind: string(1),
  name: string(3),
  uid: string(4),
  controller: optional(bool(6)),
  blockOwnerDeletion: optional(bool(7)),
});

const MANAGED_FIELDS_ENTRY = message('ManagedFieldsEntry', {
  manager: string(1),
  operation: string(2),
  apiVersion: string(3),
  time: optional(time(4)),
  fieldsType: string(6),
  fieldsV1: optional(fieldsV1(7)),
  subresource: string(8),
});

export const OBJECT_META = message('ObjectMeta', {
  name: string(1),
  generateName: string(2),
  namespace: string(3),
  selfLink: string(4),
  uid: string(5),
  resourceVersion: string(6),
  generation: int64(7),
  creationTimestamp: time(8),
  deletionTimestamp: optional(time(9)),
  deletionGracePeriodSeconds: optional(int64(10)),
  labels: map(string(11)),
  annotations: map(string(12)),
  ownerReferences: keyedList(nested(OWNER_REFERENCE, 13), 'uid'),
  finalizers: setList(string(14)),
  managedFields: list(nested(MANAGED_FIELDS_ENTRY, 17)),
});

export const CONDITION = message('Condition', {
  type: string(1),
  status: string(2),
  observedGeneration: int64(3),
  lastTransitionTime: time(4),
  reason: string(5),
  message: string(6),
});

export const LIST_META = message('ListMeta', {
  selfLink: string(1),
  resourceVersion: string(2),
  continue: string(3),
  remainingItemCount: optional(int64(4)),
});

const STATUS_CAUSE = message('StatusCause', { reason: string(1), message: string(2), field: string(3) });

const STATUS_DETAILS = message('StatusDetails', {
  name: string(1),
  group: string(2),
  kind: string(3),
  uid: string(6),
  causes: list(nested(STATUS_CAUSE, 4)),
  retryAfterSeconds: int32(5),
});

export const STATUS = message('Status', {
  metadata: nested(LIST_META, 1),
  status: string(2),
  message: string(3),
  reason: string(4),
  details: optional(nested(STATUS_DETAILS, 5)),
  code: int32(6),
});

/** A kind with all its fields declared; apiVersion, kind and metadata come by themselves. */
export function kindMessage(name: string, fields: Record<string, Field>): Message {
  return message(name, { metadata: nested(OBJECT_META, 1), ...fields });
}

/** A kind of which only some fields matter here. */
export function openKind(name: string, fields: Record<string, Field>): Message {
  return openMessage(name, { metadata: nested(OBJECT_META), ...fields });
}
