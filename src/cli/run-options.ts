import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { type Cidr, parseCidr } from '../net/address.ts';

/** The command line was wrong; the message is for the user, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface RunOptions {
  readonly manifests: string;
  readonly nodeName: string;
  readonly podCIDRs: readonly Cidr[];
  readonly namespace: string | undefined;
  /** As kube-proxy's `-v`. */
  readonly verbosity: number;
}

/** Reads the flags of `nodeplane run`. Throws {@link UsageError} naming the flag at fault. */
export function parseRunOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      manifests: { type: 'string' },
      'hostname-override': { type: 'string', default: '' },
      'cluster-cidr': { type: 'string', default: '' },
      'proxy-mode': { type: 'string', default: 'nftables' },
      'network-namespace': { type: 'string' },
      v: { type: 'string', short: 'v', default: '0' },
    },
  });
  if (values.manifests === undefined)
    throw new UsageError('--manifests: a folder to read objects from is needed');
  if (values['proxy-mode'] !== 'nftables') {
    throw new UsageError(
      `--proxy-mode: "${values['proxy-mode']}" is not a mode; nftables is the only one so far`,
    );
  }
  return {
    manifests: values.manifests,
    nodeName: nodeName(values['hostname-override']),
    podCIDRs: parseClusterCIDR(values['cluster-cidr']),
    namespace: values['network-namespace'],
    verbosity: parseVerbosity(values.v),
  };
}

/** NODE-01 */
function nodeName(override: string): string {
  const name = (override === '' ? hostname() : override).trim().toLowerCase();
  if (name === '') throw new UsageError('--hostname-override: the node name is empty');
  return name;
}

/** One CIDR, or two of different families. */
function parseClusterCIDR(text: string): Cidr[] {
  if (text === '') return [];
  const cidrs = text.split(',').map((part) => {
    const cidr = parseCidr(part.trim());
    if (cidr === undefined) throw new UsageError(`--cluster-cidr: "${part}" is not a CIDR`);
    return cidr;
  });
  const families = new Set(cidrs.map((cidr) => cidr.family));
  if (families.size !== cidrs.length) {
    throw new UsageError(`--cluster-cidr: "${text}" is neither one CIDR nor two of different families`);
  }
  return cidrs;
}

function parseVerbosity(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`-v: "${text}" is not a level`);
  return Number(text);
}
