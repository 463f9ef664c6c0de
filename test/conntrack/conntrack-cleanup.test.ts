import test, { type ExecutionContext } from 'ava';
import { ConntrackCleanup } from '../../src/conntrack/conntrack-cleanup.ts';
import { CONNTRACK_ROW, type ConntrackResult } from '../../src/native/addon.ts';
import type { Clock } from '../../src/sync/clock.ts';
import { endpoint, udpPort } from '../helpers/served-ports.ts';

/** A table whose calls the test answers, and a clock that it moves. */
function start(t: ExecutionContext) {
  const calls: { rows: Uint32Array; answer: PromiseWithResolvers<ConntrackResult> }[] = [];
  const reports: object[] = [];
  const timers: { at: number; callback: () => void }[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (milliseconds, callback) => {
      const timer = { at: now + milliseconds * 1000, callback };
      timers.push(timer);
      return () => timers.splice(0, timers.length, ...timers.filter((it) => it !== timer));
    },
  };
  const advance = (microseconds: number): void => {
    now += microseconds;
    for (const timer of timers.splice(0)) timer.at <= now ? timer.callback() : timers.push(timer);
  };
  const cleanup = new ConntrackCleanup({
    family: 'IPv4',
    clock,
    observer: { cleaned: (report) => reports.push(report), failed: (report) => reports.push(report) },
    table: {
      deleteStale: (rows) => {
        const answer = Promise.withResolvers<ConntrackResult>();
        calls.push({ rows, answer });
        return answer.promise;
      },
      close: () => {},
    },
  });
  t.teardown(() => cleanup.close());
  return { cleanup, calls, reports, advance };
}

/** Lets promises go on that are settled. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const A = udpPort({ endpoints: [endpoint('10.244.0.1', 5353)] });
const B = udpPort({ endpoints: [endpoint('10.244.0.2', 5353)] });
const SIP = udpPort({ id: 'shop/sip:/UDP IPv4', clusterIP: '10.96.0.11' });
const ADDRESS = { DNS: 0x0a60000a, SIP: 0x0a60000b } as const;

/** The addresses of the frontends that a call looks at. Without node ports all rows have four words. */
function looksAt(rows: Uint32Array = new Uint32Array()): number[] {
  const isFrontend = (index: number): boolean =>
    index % 4 === 3 && rows[index - 3] === CONNTRACK_ROW.FRONTEND;
  return [...rows.filter((_, index) => isFrontend(index))];
}

test('CT-02 nothing is looked at without a change', (t) => {
  const { cleanup, calls, advance } = start(t);
  cleanup.afterSync();
  advance(0);
  t.is(calls.length, 0);
});

test('CT-01 changes of other protocols and families are nothing', (t) => {
  const { cleanup, calls, advance } = start(t);
  cleanup.touch({ before: undefined, after: udpPort({ protocol: 'TCP' }) });
  cleanup.touch({ before: undefined, after: udpPort({ family: 'IPv6', clusterIP: 'fd00::1' }) });
  cleanup.afterSync();
  advance(0);
  t.is(calls.length, 0);
});

test('CT-13 a change waits for a sync that succeeds', (t) => {
  const { cleanup, calls, advance } = start(t);
  cleanup.touch({ before: undefined, after: A });
  advance(1e6);
  t.is(calls.length, 0);
  cleanup.afterSync();
  advance(0);
  t.deepEqual(
    calls.map(({ rows }) => looksAt(rows)),
    [[ADDRESS.DNS]],
  );
});

test('CT-13 a run that fails is told, and tried again after a rest, with what is due then', async (t) => {
  const { cleanup, calls, reports, advance } = start(t);
  const error = new Error('on purpose');
  cleanup.touch({ before: undefined, after: A });
  cleanup.afterSync();
  advance(0);
  calls[0]?.answer.reject(error);
  await turn();
  t.deepEqual(reports, [{ family: 'IPv4', error }]);

  cleanup.touch({ before: undefined, after: SIP });
  cleanup.afterSync();
  advance(9_999_999);
  t.is(calls.length, 1);
  advance(1);
  t.deepEqual(looksAt(calls[1]?.rows).toSorted(), [ADDRESS.DNS, ADDRESS.SIP]);
});

test('changes while a run is on its way become one run, after a rest', async (t) => {
  const { cleanup, calls, reports, advance } = start(t);
  cleanup.touch({ before: undefined, after: A });
  cleanup.afterSync();
  advance(0);
  for (const [before, after] of [
    [A, B],
    [B, A],
    [A, B],
  ] as const) {
    cleanup.touch({ before, after });
    cleanup.afterSync();
  }
  advance(1000);
  calls[0]?.answer.resolve({ seen: 5, deleted: 1 });
  await turn();
  t.deepEqual(reports, [{ family: 'IPv4', seen: 5, deleted: 1, microseconds: 1000 }]);
  advance(3999);
  t.is(calls.length, 1, 'it rests four times as long as the run took');
  advance(1);
  t.is(calls.length, 2);
  const settled = cleanup.settled();
  calls[1]?.answer.resolve({ seen: 5, deleted: 0 });
  await settled;
  t.is(reports.length, 2);
});

test('nothing is told after close', async (t) => {
  const { cleanup, calls, reports, advance } = start(t);
  cleanup.touch({ before: undefined, after: A });
  cleanup.afterSync();
  advance(0);
  cleanup.close();
  await cleanup.settled();
  calls[0]?.answer.reject(new Error('closed'));
  await turn();
  cleanup.close();
  t.deepEqual(reports, []);
});
