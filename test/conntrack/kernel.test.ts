import test, { type ExecutionContext } from 'ava';
import { ConntrackCleanup } from '../../src/conntrack/conntrack-cleanup.ts';
import { loadAddon } from '../../src/native/addon.ts';
import type { Family } from '../../src/net/address.ts';
import type { ServedPort } from '../../src/services/served-port.ts';
import { putTracked, type Tracked, trackedIn, trackedText } from '../helpers/conntrack.ts';
import { privateNamespace } from '../helpers/netns.ts';
import { endpoint, TRAITS, udpPort } from '../helpers/served-ports.ts';

/** A cleanup of a namespace of its own, and the entries there. */
class Node {
  readonly cleanup: ConntrackCleanup;
  readonly deleted: number[] = [];
  readonly #namespace: string;
  #lastSourcePort = 1024;

  static async start(t: ExecutionContext, family: Family = 'IPv4'): Promise<Node> {
    return new Node(t, await privateNamespace(t), family);
  }

  private constructor(t: ExecutionContext, namespace: string, family: Family) {
    this.#namespace = namespace;
    const { ConntrackTable } = loadAddon();
    this.cleanup = new ConntrackCleanup({
      family,
      table: new ConntrackTable({ family, namespace }),
      observer: {
        cleaned: ({ deleted }) => this.deleted.push(deleted),
        failed: ({ error }) => t.fail(String(error)),
      },
    });
    t.teardown(() => this.cleanup.close());
  }

  /** Makes an entry of a connection of its own, and gives the text of it. */
  async track(
    destination: string,
    port: number,
    reply: string,
    replyPort: number,
    protocol: Tracked['protocol'] = 'UDP',
  ): Promise<string> {
    const source = [destination.includes(':') ? 'fd00::1' : '10.0.0.1', ++this.#lastSourcePort] as const;
    const entry: Tracked = {
      protocol,
      source,
      destination: [destination, port],
      replySource: [reply, replyPort],
    };
    await putTracked(this.#namespace, [entry]);
    return trackedText(entry);
  }

  change(before: ServedPort | undefined, after: ServedPort | undefined): void {
    this.cleanup.touch({ before, after });
  }

  async afterSync(): Promise<void> {
    this.cleanup.afterSync();
    await this.cleanup.settled();
  }

  /** Syncs, and checks that of the entries exactly these are left. */
  async leaves(t: ExecutionContext, ...kept: readonly string[]): Promise<void> {
    await this.afterSync();
    t.deepEqual(await trackedIn(this.#namespace), kept.toSorted());
  }
}

const A = endpoint('10.244.0.1', 5353);
const B = endpoint('10.244.0.2', 5353);
const NONE = udpPort();
const ON_A = udpPort({ endpoints: [A] });
const ON_B = udpPort({ endpoints: [B] });

test('CT-01 only UDP entries are removed', async (t) => {
  const node = await Node.start(t);
  const tcp = await node.track('10.96.0.10', 53, '10.244.0.9', 5353, 'TCP');
  const sctp = await node.track('10.96.0.10', 53, '10.244.0.9', 5353, 'SCTP');
  await node.track('10.96.0.10', 53, '10.244.0.9', 5353);
  node.change(undefined, ON_A);
  await node.leaves(t, tcp, sctp);
});

test('CT-02 the first sync looks at everything, a later one at what changed', async (t) => {
  const node = await Node.start(t);
  const other = udpPort({ id: 'shop/sip:sip/UDP IPv4', clusterIP: '10.96.0.11', endpoints: [A] });
  await node.track('10.96.0.10', 53, '10.244.0.9', 5353);
  await node.track('10.96.0.11', 53, '10.244.0.9', 5353);
  node.change(undefined, ON_A);
  node.change(undefined, other);
  await node.leaves(t);

  const notOurs = await node.track('10.96.0.11', 53, '10.244.0.9', 5353);
  await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  node.change(ON_A, ON_B);
  await node.leaves(t, notOurs);
  t.deepEqual(node.deleted, [2, 1]);
});

test('CT-03 deleted endpoints, other target ports, untranslated entries', async (t) => {
  const node = await Node.start(t);
  const kept = await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  await node.track('10.96.0.10', 53, '10.244.0.2', 5353);
  await node.track('10.96.0.10', 53, '10.244.0.1', 5300);
  await node.track('10.96.0.10', 53, '10.96.0.10', 53);
  const otherPort = await node.track('10.96.0.10', 54, '10.244.0.2', 5353);
  node.change(udpPort({ endpoints: [A, B] }), ON_A);
  await node.leaves(t, kept, otherPort);
});

test('CT-03 the same of IPv6, and only there', async (t) => {
  const node = await Node.start(t, 'IPv6');
  const live = endpoint('fd00:244::1', 5353);
  const port = udpPort({ family: 'IPv6', clusterIP: 'fd00:96::10', endpoints: [live] });
  const kept = await node.track('fd00:96::10', 53, 'fd00:244::1', 5353);
  const other = await node.track('10.96.0.10', 53, '10.244.0.9', 5353);
  await node.track('fd00:96::10', 53, 'fd00:244::2', 5353);
  node.change(undefined, port);
  node.change(undefined, ON_A);
  await node.leaves(t, kept, other);
});

test('CT-04 load-balancer addresses and external IPs', async (t) => {
  const node = await Node.start(t);
  const traits = { ...TRAITS, externalIPs: ['198.18.5.56'], loadBalancerIPs: ['198.51.100.56'] };
  const kept = [
    await node.track('198.18.5.56', 53, '10.244.0.1', 5353),
    await node.track('198.51.100.56', 53, '10.244.0.1', 5353),
    await node.track('198.51.100.57', 53, '198.51.100.57', 53),
  ];
  await node.track('198.18.5.56', 53, '10.244.0.2', 5353);
  await node.track('198.51.100.56', 53, '10.244.0.2', 5353);
  node.change(undefined, udpPort({ traits, endpoints: [A] }));
  await node.leaves(t, ...kept);
});

test('CT-05 node ports, on accepted addresses alone', async (t) => {
  const node = await Node.start(t);
  node.cleanup.acceptNodePortsOn(['192.0.2.11'], ['127.0.0.1', '192.0.2.11', '192.0.2.12']);
  const kept = [
    await node.track('192.0.2.11', 31311, '10.244.0.1', 5353),
    await node.track('192.0.2.12', 31311, '192.0.2.12', 31311),
    await node.track('203.0.113.9', 31311, '203.0.113.9', 31311),
  ];
  await node.track('192.0.2.11', 31311, '10.244.0.2', 5353);
  node.change(undefined, udpPort({ nodePort: 31311, endpoints: [A] }));
  await node.leaves(t, ...kept);
});

test('CT-05 any address of the host but loopback', async (t) => {
  const node = await Node.start(t);
  node.cleanup.acceptNodePortsOn('any', ['127.0.0.1', '192.0.2.11', '::1', '2001:db8::11']);
  const kept = [
    await node.track('127.0.0.1', 31311, '127.0.0.1', 31311),
    await node.track('203.0.113.9', 31311, '203.0.113.9', 31311),
  ];
  await node.track('192.0.2.11', 31311, '192.0.2.11', 31311);
  node.change(undefined, udpPort({ nodePort: 31311, endpoints: [A] }));
  await node.leaves(t, ...kept);
});

test('CT-05 addresses that come and go', async (t) => {
  const node = await Node.start(t);
  node.change(undefined, udpPort({ nodePort: 31311, endpoints: [A] }));
  node.cleanup.acceptNodePortsOn('any', ['192.0.2.11']);
  await node.afterSync();
  const kept = await node.track('192.0.2.11', 31311, '10.244.0.1', 5353);
  await node.track('192.0.2.12', 31311, '192.0.2.12', 31311);
  node.cleanup.acceptNodePortsOn('any', ['192.0.2.11', '192.0.2.12']);
  await node.leaves(t, kept);

  const other = await node.track('192.0.2.12', 31311, '10.244.0.1', 5353);
  node.cleanup.acceptNodePortsOn(['192.0.2.12'], ['192.0.2.11', '192.0.2.12']);
  await node.leaves(t, other);
});

test('CT-06 a terminating endpoint that serves keeps its entries, one that does not loses them', async (t) => {
  const node = await Node.start(t);
  const endpoints = [
    endpoint('10.244.0.1', 5353, { ready: false, serving: true, terminating: true }),
    endpoint('10.244.0.2', 5353, { ready: false, serving: false }),
  ];
  const kept = await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  await node.track('10.96.0.10', 53, '10.244.0.2', 5353);
  node.change(undefined, udpPort({ endpoints }));
  await node.leaves(t, kept);
});

test('CT-07 policies and hints do not matter', async (t) => {
  const node = await Node.start(t);
  const far = endpoint('10.244.0.1', 5353, { nodeName: 'elsewhere', zoneHints: ['elsewhere'] });
  const traits = { ...TRAITS, internalPolicy: 'Local', externalPolicy: 'Local' } as const;
  const kept = await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  node.change(undefined, udpPort({ endpoints: [far] }));
  await node.afterSync();
  node.change(udpPort({ endpoints: [far] }), udpPort({ endpoints: [far], traits }));
  await node.leaves(t, kept);
  t.deepEqual(node.deleted, [0], 'a policy alone is no reason to look');
});

test('CT-08 a service port without endpoints loses its entries', async (t) => {
  const node = await Node.start(t);
  await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  node.change(ON_A, NONE);
  await node.leaves(t);
});

test('CT-09 a deleted Service loses its entries, others keep theirs', async (t) => {
  const node = await Node.start(t);
  node.cleanup.acceptNodePortsOn(['192.0.2.11'], []);
  const traits = { ...TRAITS, externalIPs: ['198.18.5.56'], loadBalancerIPs: ['198.51.100.56'] };
  const port = udpPort({ traits, nodePort: 31311, endpoints: [A] });
  node.change(undefined, port);
  await node.afterSync();
  await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  await node.track('198.18.5.56', 53, '10.244.0.1', 5353);
  await node.track('198.51.100.56', 53, '10.244.0.1', 5353);
  await node.track('192.0.2.11', 31311, '10.244.0.1', 5353);
  const foreign = await node.track('10.96.0.12', 53, '10.244.0.9', 5353);
  node.change(port, undefined);
  await node.leaves(t, foreign);
});

test('CT-10 after a restart connections to serving endpoints go on', async (t) => {
  const node = await Node.start(t);
  const kept = await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  node.change(undefined, ON_A);
  await node.leaves(t, kept);
});

test('CT-12 a new frontend: entries made before it go', async (t) => {
  const node = await Node.start(t);
  node.cleanup.acceptNodePortsOn(['192.0.2.11'], []);
  node.change(undefined, ON_A);
  await node.afterSync();
  await node.track('198.51.100.56', 53, '198.51.100.56', 53);
  await node.track('192.0.2.11', 31311, '192.0.2.11', 31311);
  const traits = { ...TRAITS, loadBalancerIPs: ['198.51.100.56'] };
  node.change(ON_A, udpPort({ traits, nodePort: 31311, endpoints: [A] }));
  await node.leaves(t);
});

test('CT-12 a frontend that moved: entries to the old one go', async (t) => {
  const node = await Node.start(t);
  node.change(undefined, ON_A);
  await node.afterSync();
  await node.track('10.96.0.10', 53, '10.244.0.1', 5353);
  const kept = await node.track('10.96.0.10', 5300, '10.244.0.1', 5353);
  node.change(ON_A, udpPort({ port: 5300, endpoints: [A] }));
  await node.leaves(t, kept);
});

test('two service ports that claim one frontend: what either serves is kept', async (t) => {
  const node = await Node.start(t);
  const traits = { ...TRAITS, externalIPs: ['198.18.5.56'] };
  const one = udpPort({ traits, endpoints: [A] });
  const other = udpPort({ id: 'shop/sip:/UDP IPv4', clusterIP: '10.96.0.11', traits, endpoints: [B] });
  const toA = await node.track('198.18.5.56', 53, '10.244.0.1', 5353);
  const toB = await node.track('198.18.5.56', 53, '10.244.0.2', 5353);
  node.change(undefined, one);
  node.change(undefined, other);
  await node.leaves(t, toA, toB);
  node.change(other, undefined);
  await node.leaves(t, toA);
});
