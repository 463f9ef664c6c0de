/** ICM-03: ICMP errors about translated connections look to each side like errors about what it sent. */
import test, { type ExecutionContext } from 'ava';
import { buildPacket } from '../../../src/conformance/packets/build.ts';
import type { Packet } from '../../../src/conformance/packets/packet.ts';
import { parsePacket } from '../../../src/conformance/packets/parse.ts';
import type { EbpfTable } from '../../../src/native/addon.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { residueOf } from './checksums.ts';
import { arrive, leave, type Tried, VERDICT } from './frames.ts';
import { ADDRESSES, openNode, PORT, TARGET_PORT } from './node.ts';
import { icmpError, quotedIn } from './shapes.ts';

/** A masqueraded connection, as each of its four places sees its packets. */
interface Connection {
  readonly asked: Packet;
  /** On its way through the node. */
  readonly between: Packet;
  readonly left: Packet;
}

async function connect(table: EbpfTable, family: Family, transport: 'TCP' | 'UDP'): Promise<Connection> {
  const { client, externalIP, endpoint } = ADDRESSES[family];
  const ends = { source: client, sourcePort: 5555, destination: externalIP, destinationPort: PORT };
  const asked: Packet = { kind: 'request', transport, ...ends, id: 99 };
  const between = { ...asked, destination: endpoint, destinationPort: TARGET_PORT };
  await arrive(table, buildPacket(asked));
  const { packet } = await leave(table, buildPacket(between));
  const { isIntact: _, ...left } = parsePacket(packet) as Packet & { isIntact: boolean };
  await arrive(table, buildPacket(back(left)));
  await leave(table, buildPacket(back(between)));
  return { asked, between, left };
}

function back({ source, sourcePort, destination, destinationPort, ...rest }: Packet): Packet {
  return {
    ...rest,
    kind: 'answer',
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}

/** An error between two hosts that quotes exactly this packet. */
function isError(
  t: ExecutionContext,
  tried: Tried,
  source: string,
  destination: string,
  quoted: Packet,
): void {
  t.is(tried.verdict, VERDICT.GO_ON);
  t.is(residueOf(tried.packet)?.transport, 0, 'checksum');
  t.deepEqual(Buffer.from(quotedIn(tried.packet)), Buffer.from(buildPacket(quoted)));
  t.deepEqual(Buffer.from(tried.packet), Buffer.from(icmpError(source, destination, buildPacket(quoted))));
}

for (const family of FAMILIES) {
  for (const transport of ['TCP', 'UDP'] as const) {
    test(`${family} ${transport}: errors go through the translation of what they quote`, async (t) => {
      const node = await openNode(family, `errors-${transport.toLowerCase()}`);
      t.teardown(() => node.remove());
      const { client, endpoint, externalIP, node: address, stranger } = ADDRESSES[family];
      const { table } = node;
      const { asked, between, left } = await connect(table, family, transport);
      const about = (packet: Packet, source: string, destination: string): Uint8Array =>
        icmpError(source, destination, buildPacket(packet));

      // A router on the way to the endpoint tells the node, which tells the client.
      const arrived = await arrive(table, about(left, stranger, address));
      isError(t, arrived, stranger, client, between);
      isError(t, await leave(table, arrived.packet), stranger, client, asked);

      // The endpoint itself: the client takes it for the frontend.
      const own = await arrive(table, about(left, endpoint, address));
      isError(t, own, endpoint, client, between);
      isError(t, await leave(table, own.packet), externalIP, client, asked);

      // The client, or a router on the way to it, about answers.
      const answered = await arrive(table, about(back(asked), stranger, externalIP));
      isError(t, answered, stranger, endpoint, back(between));
      isError(t, await leave(table, answered.packet), stranger, endpoint, back(left));

      // The node itself, on the way to the endpoint.
      isError(t, await leave(table, about(between, address, client)), address, client, asked);
    });
  }

  test(`${family}: errors about others' connections are left alone`, async (t) => {
    const node = await openNode(family, 'errors-others');
    t.teardown(() => node.remove());
    const { client, endpoint, stranger } = ADDRESSES[family];
    const ends = { source: client, sourcePort: 6, destination: endpoint, destinationPort: TARGET_PORT };
    const quoted = buildPacket({ kind: 'request', transport: 'UDP', ...ends, id: 5 });
    const error = icmpError(stranger, client, quoted);
    for (const { verdict, packet } of [await arrive(node.table, error), await leave(node.table, error)]) {
      t.is(verdict, VERDICT.GO_ON);
      t.deepEqual(Buffer.from(packet), Buffer.from(error));
    }
  });
}
