/** Events of watch streams; the recorded ones say the same in both encodings. */
import test, { type ExecutionContext } from 'ava';
import {
  jsonWatchEvent,
  protobufWatchEvent,
  type WatchEvent,
} from '../../../src/kubernetes/messages/watch-event.ts';
import { recordedFrames, recordedLines } from '../../api/protobuf/recorded.ts';

/** The streams were recorded one after the other, so bookmarks may come at other times. */
function withoutBookmarks(events: readonly WatchEvent[]): WatchEvent[] {
  return events.filter(({ type }) => type !== 'bookmark');
}

function streams(t: ExecutionContext, name: string): void {
  const fromProtobuf = recordedFrames(`${name}.pb`).map(protobufWatchEvent);
  const fromJson = recordedLines(`${name}.js`).map(jsonWatchEvent);
  const changes = withoutBookmarks(fromProtobuf);
  t.true(changes.length > 0);
  t.true(changes.every((event) => 'decoded' in event && 'object' in event.decoded));
  t.deepEqual(changes, withoutBookmarks(fromJson));
  const ends = (events: readonly WatchEvent[]) =>
    events.filter((it) => it.type === 'bookmark' && it.isInitialEnd);
  t.is(ends(fromProtobuf).length, name.endsWith('watchlist') ? 1 : 0);
  t.deepEqual(ends(fromProtobuf), ends(fromJson));
}

test('services.watch', streams, 'services.watch');
test('services.watchlist', streams, 'services.watchlist');
test('endpointslices.watch', streams, 'endpointslices.watch');
test('endpointslices.watchlist', streams, 'endpointslices.watchlist');
test('nodes.watchlist', streams, 'nodes.watchlist');

function refuses(t: ExecutionContext, line: string, message: string): void {
  t.throws(() => jsonWatchEvent(Buffer.from(line)), { name: 'MessageError', message });
}

test(
  'an object of another kind',
  refuses,
  '{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}}',
  'watch event: has a Pod of v1',
);
test(
  'an unknown type',
  refuses,
  '{"type":"MOVED","object":{"kind":"ServiceCIDR","apiVersion":"networking.k8s.io/v1","metadata":{"name":"a"}}}',
  'watch event: has the unknown type "MOVED"',
);
test('no object', refuses, '{"type":"ADDED"}', 'watch event: is no event with an object');

test('an object that is wrong is part of the event', (t) => {
  const line =
    '{"type":"ADDED","object":{"kind":"Node","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"7"},"spec":{"podCIDR":"x"}}}';
  t.deepEqual(jsonWatchEvent(Buffer.from(line)), {
    type: 'put',
    resourceVersion: '7',
    decoded: {
      errors: [{ path: ['spec', 'podCIDR'], message: '"x" is not a CIDR such as 10.244.1.0/24' }],
      identity: { kind: 'Node', namespace: '', name: 'a' },
    },
  } as never);
});

test('an error', (t) => {
  const line =
    '{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":410,"reason":"Expired","message":"too old"}}';
  t.like(jsonWatchEvent(Buffer.from(line)), {
    type: 'error',
    status: { code: 410, reason: 'Expired', message: 'too old' },
  } as never);
});
