import { type KubeObject, textAt, valueAt } from '../objects.ts';
import { column, NAME, wide } from '../tables/cells.ts';
import { age } from '../tables/duration.ts';
import type { Column } from './resource.ts';

/** Columns of stored (core/v1) events. */
export const eventColumns: readonly Column[] = [
  column('Last Seen', (event, now) => age(lastSeen(event), now)),
  column('Type', (event) => textAt(event, 'type')),
  column('Reason', (event) => textAt(event, 'reason')),
  column(
    'Object',
    (event) =>
      `${textAt(event, 'involvedObject', 'kind').toLowerCase()}/${textAt(event, 'involvedObject', 'name')}`,
  ),
  wide('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath')),
  wide('Source', (event) => textAt(event, 'source', 'component') || textAt(event, 'reportingComponent')),
  column('Message', (event) => textAt(event, 'message')),
  wide('First Seen', (event, now) => age(firstSeen(event), now)),
  wide('Count', (event) => String(valueAt(event, 'count') ?? valueAt(event, 'series', 'count') ?? 1)),
  { ...NAME, priority: 1 },
];

function firstSeen(event: KubeObject): string {
  return textAt(event, 'firstTimestamp') || textAt(event, 'eventTime');
}

function lastSeen(event: KubeObject): string {
  return textAt(event, 'series', 'lastObservedTime') || textAt(event, 'lastTimestamp') || firstSeen(event);
}
