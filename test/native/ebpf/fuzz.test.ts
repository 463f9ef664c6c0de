/**
 * Frames of every kind, damaged at random. Whatever a program makes of one: what it writes keeps all checksums as right, or exactly
 * as wrong, as they were.
 */
import test from 'ava';
import { buildPacket } from '../../../src/conformance/packets/build.ts';
import type { Packet } from '../../../src/conformance/packets/packet.ts';
import type { EbpfTable } from '../../../src/native/addon.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { residueOf } from './checksums.ts';
import { frameOf, type Tried, tryFrame, VERDICT } from './frames.ts';
import { ADDRESSES, openNode, PORT, REFUSED_PORT, TARGET_PORT } from './node.ts';
import { fragments, withExtensions } from './shapes.ts';

const FRAMES = 100_000;
/** Under way at once. */
const BATCH = 500;
const VERDICTS: readonly number[] = Object.values(VERDICT);

for (const family of FAMILIES) {
  test(`${FRAMES / 2} damaged frames of ${family} come out no worse than they went in`, async (t) => {
    const seed = Date.now() >>> 0;
    t.log(`seed ${seed}`);
    const random = new Random(seed);
    const node = await openNode(family);
    t.teardown(() => node.remove());
    let written = 0;
    for (let done = 0; done < FRAMES / 2; done += BATCH) {
      const trials = Array.from({ length: BATCH }, () =>
        tryOne(node.table, randomPacket(random, family), random),
      );
      for (const { sent, tried } of await Promise.all(trials)) {
        const fault = faultOf(sent, tried);
        if (fault !== undefined) {
          t.fail(`${fault}\n${hex(sent)}\n${hex(tried.packet)}`);
          return;
        }
        if (Buffer.compare(sent, tried.packet) !== 0) written++;
      }
    }
    // Or nothing was tried.
    t.true(written > FRAMES / 20, `${written} were written to`);
  });
}

interface Trial {
  readonly sent: Uint8Array;
  readonly tried: Tried;
}

async function tryOne(table: EbpfTable, sent: Uint8Array, random: Random): Promise<Trial> {
  const [program, cameBy] = random.pick([
    ['arriving', 1],
    ['leaving', 1],
    ['leaving', 0],
  ] as const);
  return { sent, tried: await tryFrame(table, program, frameOf(sent), cameBy) };
}

/** What is wrong with what became of a packet. */
function faultOf(sent: Uint8Array, { verdict, packet }: Tried): string | undefined {
  if (!VERDICTS.includes(verdict)) return `verdict ${verdict}`;
  // Nobody sees it.
  if (verdict === VERDICT.SHOT) return undefined;
  // An ICMP error about it, all made anew, is right whatever it quotes.
  const isError = packet.length !== sent.length;
  const before = isError ? { header: 0, transport: 0 } : residueOf(sent);
  const after = residueOf(packet);
  if (after?.header !== before?.header)
    return `header checksum off by ${after?.header}, was ${before?.header}`;
  if (after?.transport !== before?.transport)
    return `transport checksum off by ${after?.transport}, was ${before?.transport}`;
  return undefined;
}

function randomPacket(random: Random, family: Family): Uint8Array {
  const { client, endpoint, clusterIP, externalIP, node } = ADDRESSES[family];
  const packet: Packet = {
    kind: random.pick(['request', 'request', 'answer']),
    transport: random.pick(['TCP', 'UDP', 'SCTP', 'ICMP']),
    source: random.pick([client, client, endpoint, node]),
    // Few, so that connections are met again.
    sourcePort: random.pick([TARGET_PORT, 1000 + random.below(500)]),
    destination: random.pick([clusterIP, externalIP, client, endpoint, node]),
    destinationPort: random.pick([PORT, PORT, REFUSED_PORT, TARGET_PORT, 1000 + random.below(500)]),
    id: random.below(2 ** 32),
  };
  const bytes = shaped(random, buildPacket(packet));
  return random.below(3) === 0 ? damaged(random, bytes) : bytes;
}

function shaped(random: Random, bytes: Uint8Array): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return withExtensions(bytes);
    case 1:
      return random.pick(fragments(bytes, random.below(100)));
    case 2:
      return withoutUDPChecksum(bytes);
    default:
      return bytes;
  }
}

function withoutUDPChecksum(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x45 && bytes[9] === 17) bytes.set([0, 0], 26);
  return bytes;
}

function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  const flips = random.below(4);
  for (let i = 0; i < flips; i++) {
    const at = random.below(bytes.length);
    // The version says which program it is for.
    if (at > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  const least = (bytes[0] ?? 0) >> 4 === 6 ? 40 : 20;
  return random.below(3) === 0 ? bytes.subarray(0, least + random.below(bytes.length - least + 1)) : bytes;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The same numbers for the same seed (mulberry32). */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let word = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('there is nothing to pick from');
    return value;
  }
}
