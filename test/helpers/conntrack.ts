import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { canonicalAddress } from '../../src/net/address.ts';
import { exec } from './netns.ts';

/** Puts entries into the kernel's table: see native/testing/conntrack-put.c. */
const PUT = path.resolve(import.meta.dirname, '../../build/native/Release/conntrack-put');

const PROTOCOL_NUMBERS = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** A tracked connection. Addresses are canonical, `address:port` as everywhere. */
export interface Tracked {
  readonly protocol: keyof typeof PROTOCOL_NUMBERS;
  readonly source: readonly [address: string, port: number];
  readonly destination: readonly [address: string, port: number];
  /** Where the replies come from: the endpoint, or the destination if it was not translated. */
  readonly replySource: readonly [address: string, port: number];
  readonly zone?: number;
}

/** Makes entries in the table of a namespace. */
export async function putTracked(namespace: string, entries: readonly Tracked[]): Promise<void> {
  const lines = entries.map(({ protocol, source, destination, replySource, zone = 0 }) =>
    [PROTOCOL_NUMBERS[protocol], ...source, ...destination, ...replySource, zone].join(' '),
  );
  const running = promisify(execFile)('ip', ['netns', 'exec', namespace, PUT]);
  running.child.stdin?.end(`${lines.join('\n')}\n`);
  await running;
}

/** The entries of a namespace as the kernel prints them in /proc, one text each ({@link trackedText}), sorted. */
export async function trackedIn(namespace: string): Promise<string[]> {
  const listing = await exec(namespace, 'cat', '/proc/net/nf_conntrack');
  return listing.split('\n').filter(Boolean).map(textOfLine).toSorted();
}

/** `UDP 10.0.0.1 4000 > 10.96.0.10 53, replies from 10.244.0.5 5353` */
export function trackedText({ protocol, source, destination, replySource }: Tracked): string {
  return `${protocol} ${source.join(' ')} > ${destination.join(' ')}, replies from ${replySource.join(' ')}`;
}

/** A line has the fields of the original direction first: `src= dst= sport= dport=`, then the same of the replies. */
function textOfLine(line: string): string {
  const values = (name: string): string[] =>
    [...line.matchAll(new RegExp(` ${name}=(\\S+)`, 'g'))].map((match) => match[1] ?? '');
  const [source, replySource] = values('src').map((address) => canonicalAddress(address) ?? address);
  const [destination] = values('dst').map((address) => canonicalAddress(address) ?? address);
  const [sourcePort, replySourcePort] = values('sport');
  const protocol = line.split(/\s+/)[2]?.toUpperCase();
  const from = `${source} ${sourcePort} > ${destination} ${values('dport')[0]}`;
  return `${protocol} ${from}, replies from ${replySource} ${replySourcePort}`;
}
