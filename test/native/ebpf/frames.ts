import type { EbpfTable } from '../../../src/native/addon.ts';

/** Verdicts of linux/pkt_cls.h. */
export const VERDICT = { GO_ON: 0xffffffff, SHOT: 2, REDIRECT: 7 } as const;

const ETHERNET_BYTES = 14;
const LOOPBACK = 1;
/** Any device but the loopback: what it is called is not looked at. */
const ELSEWHERE = 1;

export interface Tried {
  readonly verdict: number;
  readonly packet: Uint8Array;
}

/** Puts a packet behind an Ethernet header that addresses the loopback device. */
export function frameOf(packet: Uint8Array, tag: readonly number[] = []): Uint8Array {
  const type = (packet[0] ?? 0) >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00];
  const header = [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, ...tag, ...type];
  const frame = new Uint8Array(header.length + packet.length);
  frame.set(header);
  frame.set(packet, header.length);
  return frame;
}

export function arrive(table: Pick<EbpfTable, 'run'>, packet: Uint8Array): Promise<Tried> {
  return tryFrame(table, 'arriving', frameOf(packet), ELSEWHERE);
}

/** Of a packet that the node forwards. */
export function leave(table: Pick<EbpfTable, 'run'>, packet: Uint8Array): Promise<Tried> {
  return tryFrame(table, 'leaving', frameOf(packet), ELSEWHERE);
}

/** Of a packet that a process of the node sends. */
export function send(table: Pick<EbpfTable, 'run'>, packet: Uint8Array): Promise<Tried> {
  return tryFrame(table, 'leaving', frameOf(packet), 0);
}

export async function tryFrame(
  table: Pick<EbpfTable, 'run'>,
  program: string,
  frame: Uint8Array,
  cameBy: number,
): Promise<Tried> {
  const result = await table.run(program, { frame, device: LOOPBACK, cameBy });
  return { verdict: result.verdict, packet: result.frame.subarray(ETHERNET_BYTES) };
}
