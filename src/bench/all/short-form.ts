/** A benchmark as `nodeplane bench` runs it when none is named: so that all of them take less than five minutes. */
export interface ShortForm {
  readonly name: string;
  readonly args: readonly string[];
  /** What it takes on two cores, roughly: only the time left is reckoned from it. */
  readonly seconds: number;
}

export const SHORT_FORMS: readonly ShortForm[] = [
  { name: 'update', args: args('--services 100,10000,30000 --changes 500 --seconds 3'), seconds: 80 },
  { name: 'source', args: args('--changes 1000'), seconds: 45 },
  {
    name: 'path',
    args: args(
      '--services 30000 --from pod,outside --samples 1000 --only connect,first-packet,connections,requests,throughput,udp',
    ),
    seconds: 50,
  },
  { name: 'blackbox', args: args('--services 100,1000,10000 --changes 150'), seconds: 50 },
];

function args(line: string): string[] {
  return line.split(' ');
}
