import { networkInterfaces } from 'node:os';
import test from 'ava';
import { buildPacket } from '../../src/conformance/packets/build.ts';
import type { Packet } from '../../src/conformance/packets/packet.ts';
import { parsePacket } from '../../src/conformance/packets/parse.ts';
import { loadAddon } from '../../src/native/addon.ts';
import { NODE, type PacketProbe } from '../../src/native/packet-probe.ts';
import { untyped } from './untyped.ts';

/** Serial: each test moves the process into a namespace of its own. */

const NODE_ADDRESS = '192.0.2.1';
const LEFT = { name: 'left', addresses: [NODE_ADDRESS], routes: ['0.0.0.0/0'] };
const RIGHT = { name: 'a-name-of-15-by', addresses: ['2001:db8::1'], routes: ['10.1.0.0/16', 'fd00::/8'] };

function openProbe(t: { teardown(action: () => void): void }, interfaces = [LEFT, RIGHT]): PacketProbe {
  const { enterNewNetworkNamespace, PacketProbe } = loadAddon();
  enterNewNetworkNamespace();
  const probe = new PacketProbe(interfaces);
  t.teardown(() => probe.close());
  return probe;
}

function request(fields: Partial<Packet>): Packet {
  return {
    kind: 'request',
    transport: 'UDP',
    source: '203.0.113.5',
    sourcePort: 1000,
    destination: NODE_ADDRESS,
    destinationPort: 2000,
    id: 7,
    ...fields,
  };
}

/** Where our requests turned up, with their ids. */
function seenBy(probe: PacketProbe): [number, number][] {
  return probe.collect().flatMap(({ interface: where, packet }) => {
    const seen = parsePacket(packet);
    return seen?.kind === 'request' ? [[where, seen.id] as [number, number]] : [];
  });
}

test.serial('the process is in a namespace of its own, with the interfaces that were asked for', (t) => {
  openProbe(t);
  const interfaces = networkInterfaces();
  t.deepEqual(Object.keys(interfaces).toSorted(), [RIGHT.name, LEFT.name, 'lo'].toSorted());
  t.true(interfaces[RIGHT.name]?.some(({ address }) => address === RIGHT.addresses[0]));
});

test.serial('what arrives for the node is delivered to it, of every protocol and family', (t) => {
  const probe = openProbe(t);
  for (const transport of ['TCP', 'UDP', 'SCTP', 'ICMP'] as const) {
    probe.inject(0, buildPacket(request({ transport })));
    t.deepEqual(seenBy(probe), [[NODE, 7]], transport);
    probe.inject(1, buildPacket(request({ transport, source: 'fd00::5', destination: '2001:db8::1' })));
    t.deepEqual(seenBy(probe), [[NODE, 7]], `${transport} over IPv6`);
  }
});

test.serial('what a process of the node sends leaves by the interface that is routed to', (t) => {
  const probe = openProbe(t);
  for (const transport of ['TCP', 'UDP', 'SCTP', 'ICMP'] as const) {
    const bytes = buildPacket(request({ transport, source: NODE_ADDRESS, destination: '10.1.2.3' }));
    t.is(probe.send(bytes), undefined);
    t.deepEqual(seenBy(probe), [[1, 7]], transport);
  }
});

test.serial('nothing that goes over the loopback is missed, however much it is', (t) => {
  const probe = openProbe(t);
  for (let round = 0; round < 50; round++) {
    const ids = Array.from({ length: 20 }, (_, index) => round * 20 + index);
    for (const id of ids) {
      probe.send(buildPacket(request({ source: NODE_ADDRESS, sourcePort: 10_000 + id, id })));
    }
    t.deepEqual(
      seenBy(probe).toSorted(([, a], [, b]) => a - b),
      ids.map((id) => [NODE, id]),
    );
  }
});

test.serial("an address that is not the node's cannot be sent from", (t) => {
  const probe = openProbe(t);
  for (const transport of ['TCP', 'UDP', 'SCTP', 'ICMP'] as const) {
    const bytes = buildPacket(request({ transport, source: '10.9.9.9', destination: '10.1.2.3' }));
    t.throws(() => probe.send(bytes), { code: 'EADDRNOTAVAIL' }, transport);
  }
});

const FLOW = {
  protocol: 17,
  source: '10.1.2.3',
  sourcePort: 1,
  destination: '10.96.0.1',
  destinationPort: 53,
  endpoint: '10.1.5.5',
  endpointPort: 5353,
};

test.serial('connections of conntrack', (t) => {
  const probe = openProbe(t);
  for (const protocol of [6, 17, 132]) {
    for (const endpoint of [FLOW.endpoint, FLOW.destination]) {
      const flow = {
        ...FLOW,
        protocol,
        endpoint,
        endpointPort: endpoint === FLOW.destination ? 53 : 5353,
        sourcePort: endpoint.length,
      };
      t.false(probe.isTracked(flow));
      probe.track(flow);
      t.true(probe.isTracked(flow));
      t.throws(() => probe.track(flow), { code: 'EEXIST' });
    }
  }
});

test.serial('what the kernel refuses is told', (t) => {
  const { PacketProbe } = loadAddon();
  openProbe(t, []);
  t.throws(() => new PacketProbe([LEFT, LEFT]), { message: /cannot create interface left/, code: 'EBUSY' });
  const twice = { ...RIGHT, routes: ['10.0.0.0/8', '10.0.0.0/8'] };
  t.throws(() => new PacketProbe([twice]), { message: /cannot add route 10\.0\.0\.0\/8/, code: 'EEXIST' });
});

test.serial('wrong arguments', (t) => {
  const { PacketProbe } = loadAddon();
  const probe = openProbe(t);
  t.throws(() => new untyped.PacketProbe('left'), { instanceOf: TypeError, message: /^interfaces: / });
  t.throws(() => new untyped.PacketProbe([{ ...LEFT, routes: [1] }]), {
    instanceOf: TypeError,
    message: /^interfaces\[0\]\.routes\[0\]: /,
  });
  t.throws(() => new PacketProbe([{ ...LEFT, name: 'longer-than-15-bytes' }]), { instanceOf: RangeError });
  t.throws(() => new PacketProbe([{ ...LEFT, name: 'x', addresses: ['10.1'] }]), { instanceOf: RangeError });
  t.throws(() => new PacketProbe([{ ...LEFT, name: 'y', routes: ['10.1.0.0/33'] }]), {
    instanceOf: RangeError,
  });
  t.throws(() => probe.inject(2, buildPacket(request({}))), { instanceOf: RangeError });
  t.throws(() => probe.inject(0, new Uint8Array()), { instanceOf: RangeError });
  t.throws(() => probe.send(Uint8Array.of(0x45, 0)), { instanceOf: RangeError });
  t.throws(() => probe.track({ ...FLOW, source: 'here' }), { instanceOf: RangeError });
  t.throws(() => probe.track({ ...FLOW, sourcePort: 65536 }), { instanceOf: RangeError });
});

test.serial('after close() there is nothing, and closing again is no error', (t) => {
  const probe = openProbe(t);
  probe.close();
  probe.close();
  t.throws(() => probe.collect(), { code: 'ERR_CLOSED' });
});
