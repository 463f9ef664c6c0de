/** Events of events.k8s.io/v1: the same objects as core/v1 events under other names. Source: pkg/apis/events/v1/conversion.go. */
import type { KubeObject } from '../objects.ts';
import { EVENTS_EVENT } from '../schema/event.ts';
import { eventColumns } from './event-columns.ts';
import { resource } from './resource.ts';

/** Field of core/v1, field of events.k8s.io/v1. */
const NAMES: readonly (readonly [stored: string, shown: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

const TO_STORED = new Map(NAMES.map(([stored, shown]) => [shown, stored]));
const FROM_STORED = new Map(NAMES);

function renamed(object: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const entries = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(entries), apiVersion, kind: 'Event', metadata: object.metadata };
}

export const EVENTS_EVENTS = resource({
  id: 'events.events.k8s.io',
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  hasProtobuf: true,
  schema: EVENTS_EVENT,
  selectableFields: [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'reason',
    'reportingController',
    'type',
  ],
  columns: eventColumns,
  view: {
    of: 'events',
    toStored: (object) => renamed(object, TO_STORED, 'v1'),
    fromStored: (object) => renamed(object, FROM_STORED, 'events.k8s.io/v1'),
  },
});
