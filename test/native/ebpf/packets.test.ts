/** What the programs for devices do with single frames. */
import test, { type ExecutionContext } from 'ava';
import { buildPacket } from '../../../src/conformance/packets/build.ts';
import { IP_HEADER_BYTES, type Packet } from '../../../src/conformance/packets/packet.ts';
import { parsePacket } from '../../../src/conformance/packets/parse.ts';
import type { EbpfTable } from '../../../src/native/addon.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { arrive, frameOf, leave, send, type Tried, tryFrame, VERDICT } from './frames.ts';
import { ADDRESSES, openNode, PORT, REFUSED_PORT, TARGET_PORT, type TestNode } from './node.ts';
import { fragments, reset, withExtensions } from './shapes.ts';

const TRANSPORTS = ['TCP', 'UDP', 'SCTP'] as const;
const CLIENT_PORT = 4321;

let lastPort = CLIENT_PORT;

/** Each from another port: a connection of its own. */
function request(family: Family, transport: Packet['transport'], details: Partial<Packet> = {}): Packet {
  const { client, clusterIP } = ADDRESSES[family];
  lastPort++;
  return {
    kind: 'request',
    transport,
    source: client,
    sourcePort: lastPort,
    destination: clusterIP,
    destinationPort: PORT,
    id: lastPort * 7,
    ...details,
  };
}

function answerTo(packet: Packet): Packet {
  const { source, sourcePort, destination, destinationPort } = packet;
  return {
    ...packet,
    kind: 'answer',
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}

/** Passed on as this packet, with right checksums. */
function isPassedAs(t: ExecutionContext, tried: Tried, packet: Packet): void {
  t.is(tried.verdict, VERDICT.GO_ON);
  t.deepEqual(parsePacket(tried.packet), { ...packet, isIntact: true });
}

function isUntouched(t: ExecutionContext, tried: Tried, packet: Uint8Array): void {
  t.is(tried.verdict, VERDICT.GO_ON);
  t.deepEqual(Buffer.from(tried.packet), Buffer.from(packet));
}

const nodes: TestNode[] = [];

test.before(async () => {
  for (const family of FAMILIES) nodes.push(await openNode(family));
});

test.after.always(() => Promise.all(nodes.map((it) => it.remove())));

for (const [index, family] of FAMILIES.entries()) {
  /** Stands for the table, which is there only when tests run. */
  const table: Pick<EbpfTable, 'run'> = {
    run: (program, trial) => {
      const { table } = nodes[index] ?? {};
      if (table === undefined) throw new Error('there is no node yet');
      return table.run(program, trial);
    },
  };
  const { client, endpoint, clusterIP, externalIP, node, stranger } = ADDRESSES[family];
  const toEndpoint = { destination: endpoint, destinationPort: TARGET_PORT };

  for (const transport of TRANSPORTS) {
    test(`${family} ${transport}: a request goes to the endpoint, and its answer comes from the cluster IP`, async (t) => {
      const packet = request(family, transport);
      const there = { ...packet, ...toEndpoint };
      isPassedAs(t, await arrive(table, buildPacket(packet)), there);
      isPassedAs(t, await leave(table, buildPacket(there)), there);
      const back = answerTo(there);
      isPassedAs(t, await arrive(table, buildPacket(back)), back);
      isPassedAs(t, await leave(table, buildPacket(back)), answerTo(packet));
    });

    test(`${family} ${transport}: what is masqueraded leaves from an address of the node, and comes home`, async (t) => {
      const packet = request(family, transport, { destination: externalIP });
      const there = { ...packet, ...toEndpoint };
      isPassedAs(t, await arrive(table, buildPacket(packet)), there);
      const left = await leave(table, buildPacket(there));
      const seen = parsePacket(left.packet);
      t.like(seen, { ...toEndpoint, source: node, isIntact: true });
      const { sourcePort } = seen as Packet;
      const back = answerTo({ ...there, source: node, sourcePort });
      isPassedAs(t, await arrive(table, buildPacket(back)), answerTo(there));
      isPassedAs(t, await leave(table, buildPacket(answerTo(there))), answerTo(packet));
    });

    test(`${family} ${transport}: a refused request becomes an ICMP error to its sender`, async (t) => {
      const packet = request(family, transport, { destinationPort: REFUSED_PORT });
      const { verdict, packet: error } = await arrive(table, buildPacket(packet));
      t.is(verdict, VERDICT.REDIRECT);
      t.deepEqual(parsePacket(error), {
        kind: 'error',
        id: packet.id,
        what: 'port unreachable',
        destination: client,
      });
    });

    test(`${family} ${transport}: a client port that two connections to one endpoint share is told apart`, async (t) => {
      const first = request(family, transport);
      const second = { ...first, destination: externalIP };
      await arrive(table, buildPacket(first));
      const { packet } = await arrive(table, buildPacket(second));
      const there = parsePacket(packet) as Packet;
      t.like(there, { ...toEndpoint, source: client, isIntact: true });
      t.not(there.sourcePort, first.sourcePort);
      const { isIntact: _, ...sent } = there as Packet & { isIntact: boolean };
      isPassedAs(t, await leave(table, buildPacket(answerTo(sent))), answerTo(second));
      const other = answerTo({ ...first, ...toEndpoint });
      isPassedAs(t, await leave(table, buildPacket(other)), answerTo(first));
    });

    test(`${family} ${transport}: a direct connection from a port that a translated one has is told apart`, async (t) => {
      const translated = request(family, transport);
      await arrive(table, buildPacket(translated));
      const direct = { ...translated, ...toEndpoint };
      const there = parsePacket((await arrive(table, buildPacket(direct))).packet) as Packet;
      t.like(there, { ...toEndpoint, source: client, isIntact: true });
      t.not(there.sourcePort, direct.sourcePort);
      const { isIntact: _, ...sent } = there as Packet & { isIntact: boolean };
      isPassedAs(t, await leave(table, buildPacket(answerTo(sent))), answerTo(direct));
      isPassedAs(t, await leave(table, buildPacket(answerTo(direct))), answerTo(translated));
    });

    test(`${family} ${transport}: a direct connection from another port is left alone`, async (t) => {
      const packet = buildPacket(request(family, transport, toEndpoint));
      isUntouched(t, await arrive(table, packet), packet);
    });

    test(`${family} ${transport}: headers of variable length are passed over`, async (t) => {
      const packet = request(family, transport);
      const { verdict, packet: seen } = await arrive(table, withExtensions(buildPacket(packet)));
      t.is(verdict, VERDICT.GO_ON);
      const expected = withExtensions(buildPacket({ ...packet, ...toEndpoint }));
      t.deepEqual(Buffer.from(seen), Buffer.from(expected));
    });

    test(`${family} ${transport}: a packet that is cut off anywhere is never translated by half`, async (t) => {
      const whole = buildPacket(request(family, transport));
      // The kernel itself wants the IP header whole.
      for (let length = IP_HEADER_BYTES[family]; length < whole.length; length++) {
        const cut = whole.subarray(0, length);
        const { verdict, packet } = await arrive(table, cut);
        const isWritten = Buffer.compare(packet, cut) !== 0;
        // Written only when all that is written to is there.
        if (isWritten) t.deepEqual(Buffer.from(packet), expectedPrefix(family, whole, length));
        t.true(verdict === VERDICT.GO_ON || verdict === VERDICT.SHOT, `${length} bytes: verdict ${verdict}`);
      }
    });
  }

  function expectedPrefix(of: Family, whole: Uint8Array, length: number): Buffer {
    const seen = parsePacket(whole) as Packet & { isIntact: boolean };
    const { isIntact: _, ...packet } = seen;
    const { endpoint: destination } = ADDRESSES[of];
    const translated = buildPacket({ ...packet, destination, destinationPort: TARGET_PORT });
    return Buffer.from(translated.subarray(0, length));
  }

  test(`${family} TCP: a direct connection takes over the port of a translated one that was reset`, async (t) => {
    const translated = request(family, 'TCP');
    await arrive(table, buildPacket(translated));
    await arrive(table, reset(buildPacket(translated)));
    const direct = buildPacket({ ...translated, ...toEndpoint });
    isUntouched(t, await arrive(table, direct), direct);
    const answer = buildPacket(answerTo({ ...translated, ...toEndpoint }));
    isUntouched(t, await leave(table, answer), answer);
  });

  test(`${family} UDP: later fragments follow the first`, async (t) => {
    const packet = request(family, 'UDP');
    const [first, second] = fragments(buildPacket(packet), 77);
    const expected = fragments(buildPacket({ ...packet, ...toEndpoint }), 77);
    t.deepEqual(Buffer.from((await arrive(table, first)).packet), Buffer.from(expected[0]));
    t.deepEqual(Buffer.from((await arrive(table, second)).packet), Buffer.from(expected[1]));
  });

  test(`${family} UDP: a fragment of nothing known does not leave for a cluster IP`, async (t) => {
    const [, orphan] = fragments(buildPacket(request(family, 'UDP')), 78);
    t.is((await arrive(table, orphan)).verdict, VERDICT.SHOT);
    const [, other] = fragments(buildPacket(request(family, 'UDP', { destination: stranger })), 79);
    isUntouched(t, await arrive(table, other), other);
  });

  test(`${family}: an echo request to a cluster IP is refused, one to a pod is not`, async (t) => {
    const echo = request(family, 'ICMP', { destinationPort: 0 });
    const { verdict, packet } = await arrive(table, buildPacket(echo));
    t.is(verdict, VERDICT.REDIRECT);
    t.like(parsePacket(packet), { kind: 'error', what: 'port unreachable', id: echo.id });
    const ping = buildPacket({ ...echo, destination: endpoint });
    isUntouched(t, await arrive(table, ping), ping);
  });

  test(`${family}: frames of a VLAN are left to its device, and those to nobody here are left alone`, async (t) => {
    const packet = buildPacket(request(family, 'TCP'));
    const tagged = frameOf(packet, [0x81, 0x00, 0x00, 0x05]);
    const result = await table.run('arriving', { frame: tagged, device: 1, cameBy: 1 });
    t.is(result.verdict, VERDICT.GO_ON);
    t.true(Buffer.from(result.frame).includes(Buffer.from(packet)));
    const others = frameOf(packet);
    others.set([2, 9, 9, 9, 9, 9]); // another host's
    const { verdict, packet: seen } = await tryFrame(table, 'arriving', others, 1);
    isUntouched(t, { verdict, packet: seen }, packet);
  });

  for (const [how, destination] of [
    ['masqueraded', externalIP],
    ['not masqueraded', clusterIP],
  ] as const) {
    test(`${family}: a process of the node goes to the endpoint at once, ${how}, and its answers are handed to it`, async (t) => {
      const packet = request(family, 'UDP', { source: node, destination });
      const sent = await send(table, buildPacket(packet));
      t.is(sent.verdict, VERDICT.REDIRECT);
      const there = parsePacket(sent.packet) as Packet & { isIntact: boolean };
      t.like(there, { ...toEndpoint, source: node, isIntact: true });
      t.is(there.sourcePort === packet.sourcePort, destination === clusterIP);
      // It comes by again, on the device that leads to the endpoint.
      isUntouched(t, await send(table, sent.packet), sent.packet);
      const { isIntact: _, ...translated } = there;
      const back = await arrive(table, buildPacket(answerTo(translated)));
      t.is(back.verdict, VERDICT.REDIRECT);
      t.deepEqual(parsePacket(back.packet), { ...answerTo(packet), isIntact: true });
      isUntouched(t, await send(table, back.packet), back.packet);
    });
  }

  test(`${family} UDP: an answer to nobody is left alone`, async (t) => {
    const packet = buildPacket(answerTo(request(family, 'UDP', { destination: stranger })));
    isUntouched(t, await leave(table, packet), packet);
  });

  test(`${family}: a TCP segment in the middle of nothing known goes to an endpoint only by a cluster IP`, async (t) => {
    const segment = buildPacket({ ...request(family, 'TCP'), kind: 'answer', destination: clusterIP });
    t.like(parsePacket((await arrive(table, segment)).packet), { ...toEndpoint, isIntact: true });
  });
}
