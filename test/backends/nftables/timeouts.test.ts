import test from 'ava';
import { readTimeouts, timeoutText } from '../../../src/backends/nftables/affinity-chains.ts';
import { Timeouts } from '../../../src/backends/nftables/timeouts.ts';
import { MAX_TIMEOUTS } from '../../../src/backends/nftables/words.ts';
import type { Delta } from '../../../src/delta/delta.ts';
import { emptyProgrammedTable } from '../../../src/delta/programmed-table.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { put, service, slice } from '../../helpers/objects.ts';

/** A delta that puts Services with these affinity timeouts. */
function deltaWith(...seconds: readonly number[]): Delta {
  const objects = seconds.flatMap((timeout, index) => [
    service(`s${index}`, `10.96.${index >> 8}.${index & 255}`, {
      sessionAffinity: 'ClientIP',
      affinityTimeoutSeconds: timeout,
    }),
    slice(`s${index}-1`, `s${index}`, ['10.244.0.1']),
  ]);
  return new Cluster('IPv4').deltaOf(put(...objects), emptyProgrammedTable());
}

test('each timeout of a delta that is new gets the next index, once', (t) => {
  const timeouts = new Timeouts();
  timeouts.set([{ index: 0, seconds: 60 }]);
  const missing = timeouts.missing(deltaWith(90, 60, 30, 90));
  t.deepEqual(missing, [
    { index: 1, seconds: 90 },
    { index: 2, seconds: 30 },
  ]);
  for (const timeout of missing) timeouts.add(timeout);
  t.deepEqual(timeouts.missing(deltaWith(30, 60, 90)), []);
  t.is(timeouts.indexOf(30), 2);
  t.is(timeouts.secondsOf(2), 30);
});

test('a delta without affinity needs none', (t) => {
  const events = put(service('web', '10.96.0.1'), slice('web-1', 'web', ['10.244.0.1']));
  const delta = new Cluster('IPv4').deltaOf(events, emptyProgrammedTable());
  t.deepEqual(new Timeouts().missing(delta), []);
});

test('more timeouts than there are indexes: the last ones have none', (t) => {
  const timeouts = new Timeouts();
  const seconds = Array.from({ length: MAX_TIMEOUTS + 1 }, (_, index) => index + 1);
  for (const timeout of timeouts.missing(deltaWith(...seconds))) timeouts.add(timeout);
  t.is(timeouts.indexOf(MAX_TIMEOUTS), MAX_TIMEOUTS - 1);
  t.throws(() => timeouts.indexOf(MAX_TIMEOUTS + 1), {
    instanceOf: RangeError,
    message: /257 s.*256 others/,
  });
});

test('to set timeouts is to forget others', (t) => {
  const timeouts = new Timeouts();
  timeouts.add({ index: 0, seconds: 60 });
  timeouts.set([{ index: 3, seconds: 90 }]);
  t.is(timeouts.secondsOf(0), undefined);
  t.throws(() => timeouts.indexOf(60));
  t.is(timeouts.indexOf(90), 3);
});

test('what is written of a timeout is read again', (t) => {
  const timeouts = [
    { index: 0, seconds: 10_800 },
    { index: 255, seconds: 1 },
  ];
  const text = timeouts.map((timeout) => timeoutText('IPv4', timeout)).join('');
  const elements = text.split('\n').filter((line) => line.startsWith('add element'));
  t.deepEqual(readTimeouts(elements.join('\n')), timeouts);
  t.deepEqual(readTimeouts('map affinity-timeouts { }'), []);
});

test('what nobody uses any more is superfluous, once half of the indexes are given', (t) => {
  const timeouts = new Timeouts();
  for (let index = 0; index < MAX_TIMEOUTS / 2; index++) timeouts.add({ index, seconds: index + 1 });
  timeouts.count(deltaWith(5));
  t.deepEqual(timeouts.superfluous(), []);
  timeouts.add({ index: 200, seconds: 9000 });
  const superfluous = timeouts.superfluous();
  t.is(superfluous.length, MAX_TIMEOUTS / 2);
  t.false(superfluous.some(({ seconds }) => seconds === 5));
  for (const timeout of superfluous) timeouts.delete(timeout);
  t.throws(() => timeouts.indexOf(6));
  t.is(timeouts.indexOf(5), 4);
});
