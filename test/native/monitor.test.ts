import test, { type ExecutionContext } from 'ava';
import { loadAddon, type MonitorEvent, type MonitorOptions } from '../../src/native/addon.ts';
import { nft } from '../helpers/nft-judge.ts';
import { CLUSTER_IPS, del, ip, openTable, put, rows, slot, slots } from './table.ts';

/** Events as they come, and a way to wait for one. */
class Listener {
  readonly events: MonitorEvent[] = [];
  #wake = () => {};

  readonly hear = (event: MonitorEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  async until(wanted: (event: MonitorEvent) => boolean): Promise<MonitorEvent> {
    const alive = setInterval(() => {}, 1000); // a monitor does not keep the process waiting
    let event = this.events.find(wanted);
    while (event === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      event = this.events.find(wanted);
    }
    clearInterval(alive);
    return event;
  }
}

function listen(t: ExecutionContext, options: MonitorOptions): Listener {
  const { NftablesMonitor } = loadAddon();
  const listener = new Listener();
  const monitor = new NftablesMonitor(options, listener.hear);
  t.teardown(() => monitor.close());
  return listener;
}

const CHANGE = { family: 'IPv4', table: 'nodeplane', count: 1 } as const;
const names = (name: string) => (event: MonitorEvent) =>
  !event.overrun && event.changes.some((change) => change.name === name);

test('a foreign change is told, our own are not', async (t) => {
  const { namespace, table } = await openTable(t);
  const listener = listen(t, { namespace, ignorePorts: table.portIds });

  table.commit(rows(put(CLUSTER_IPS, 1)));
  await table.commitInBackground(slots(50_000));
  await table.runScript('add chain ip nodeplane ours');
  await nft(namespace, 'add', 'element', 'ip', 'nodeplane', 'cluster-ips', '{ 10.0.0.9 }');

  const event = await listener.until(names('cluster-ips'));
  t.like(event, {
    overrun: false,
    processName: 'nft',
    truncated: false,
    changes: [{ ...CHANGE, verb: 'new', object: 'element', name: 'cluster-ips' }],
  });
  t.is(listener.events.length, 1);
});

test('every kind of object', async (t) => {
  const { namespace } = await openTable(t);
  const listener = listen(t, { namespace });
  await nft(namespace, 'table inet other { chain c { accept; }; set s { type mark; }; counter n { }; }');
  await nft(namespace, 'delete table inet other');

  const made = await listener.until(() => true);
  const change = { family: 'inet', table: 'other', count: 1 };
  t.like(made, {
    changes: [
      { ...change, verb: 'new', object: 'table' },
      { ...change, verb: 'new', object: 'chain', name: 'c' },
      { ...change, verb: 'new', object: 'other', name: 'n' },
      { ...change, verb: 'new', object: 'set', name: 's' },
      { ...change, verb: 'new', object: 'rule', name: 'c' },
    ],
  });
  const gone = await listener.until((event) => event !== made);
  t.true(!gone.overrun && gone.changes.every((each) => each.verb === 'delete' && each.table === 'other'));
  t.true(!gone.overrun && !made.overrun && gone.generation === made.generation + 1);
});

test('equal changes are counted, others cut off at 256', async (t) => {
  const { namespace, table } = await openTable(t);
  const listener = listen(t, { namespace });
  await table.commitInBackground(slots(5_000));
  const load = await listener.until(names('slots'));
  t.like(load, { processName: 'nodeplane-nft', truncated: false });
  t.deepEqual(!load.overrun && load.changes, [
    { ...CHANGE, verb: 'new', object: 'element', name: 'slots', count: 5_000 },
  ]);

  const byTurns = Array.from({ length: 300 }, (_, n) => [put(CLUSTER_IPS, ip(n)), slot(10_000 + n)]);
  await table.commitInBackground(rows(...byTurns.flat()));
  const many = await listener.until(names('cluster-ips'));
  t.like(many, { truncated: true });
  t.is(!many.overrun && many.changes.length, 256);
});

test('a listener that is too slow learns that it missed something', async (t) => {
  const { namespace, table } = await openTable(t);
  const listener = listen(t, { namespace });
  for (let n = 0; n < 30_000; n++) {
    table.commit(rows(put(CLUSTER_IPS, 1)));
    table.commit(rows(del(CLUSTER_IPS, 1)));
  }
  await listener.until((event) => event.overrun);
  table.commit(rows(slot(1)));
  await listener.until(names('slots'));
  t.pass();
});

test('nothing is told after close, which may be called again', async (t) => {
  const { namespace, table } = await openTable(t);
  const events: MonitorEvent[] = [];
  const { NftablesMonitor } = loadAddon();
  const monitor = new NftablesMonitor({ namespace }, (event) => events.push(event));
  table.commit(rows(put(CLUSTER_IPS, 1)));
  monitor.close();
  monitor.close();
  await table.exists();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.deepEqual(events, []);
});

test('a listener may close its monitor', async (t) => {
  const { namespace, table } = await openTable(t);
  const { NftablesMonitor } = loadAddon();
  const events = await new Promise<number>((resolve) => {
    let count = 0;
    const monitor = new NftablesMonitor({ namespace }, () => {
      count += 1;
      monitor.close();
      setTimeout(() => resolve(count), 50);
    });
    table.commit(rows(put(CLUSTER_IPS, 1)));
    table.commit(rows(put(CLUSTER_IPS, 2)));
  });
  t.is(events, 1);
});
