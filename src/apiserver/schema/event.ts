/** Events, core/v1 and events.k8s.io/v1. Source: staging/src/k8s.io/api/{core,events}/v1/{types.go,generated.proto}. */
import { kindMessage } from './meta.ts';
import { int32, message, microTime, nested, optional, string, time } from './schema.ts';

export const OBJECT_REFERENCE = message('ObjectReference', {
  kind: string(1),
  namespace: string(2),
  name: string(3),
  uid: string(4),
  apiVersion: string(5),
  resourceVersion: string(6),
  fieldPath: string(7),
});

const EVENT_SOURCE = message('EventSource', { component: string(1), host: string(2) });

const EVENT_SERIES = message('EventSeries', { count: int32(1), lastObservedTime: microTime(2) });

export const CORE_EVENT = kindMessage('Event', {
  involvedObject: nested(OBJECT_REFERENCE, 2),
  reason: string(3),
  message: string(4),
  source: nested(EVENT_SOURCE, 5),
  firstTimestamp: time(6),
  lastTimestamp: time(7),
  count: int32(8),
  type: string(9),
  eventTime: microTime(10),
  series: optional(nested(EVENT_SERIES, 11)),
  action: string(12),
  related: optional(nested(OBJECT_REFERENCE, 13)),
  reportingComponent: string(14),
  reportingInstance: string(15),
});

export const EVENTS_EVENT = kindMessage('Event', {
  eventTime: microTime(2),
  series: optional(nested(EVENT_SERIES, 3)),
  reportingController: string(4),
  reportingInstance: string(5),
  action: string(6),
  reason: string(7),
  regarding: nested(OBJECT_REFERENCE, 8),
  related: optional(nested(OBJECT_REFERENCE, 9)),
  note: string(10),
  type: string(11),
  deprecatedSource: nested(EVENT_SOURCE, 12),
  deprecatedFirstTimestamp: time(13),
  deprecatedLastTimestamp: time(14),
  deprecatedCount: int32(15),
});
