import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { type Cidr, parseCidr } from '../net/address.ts';

/** The command line was wrong; the message is for the user, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where the objects come from: a folder of files, or an API server (of the pod we run in, if nothing is given). */
export type SourceOptions =
  | { readonly kind: 'manifests'; readonly directory: string }
  | { readonly kind: 'kubernetes'; readonly kubeconfig?: string; readonly master?: string };

export interface RunOptions {
  readonly source: SourceOptions;
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
      kubeconfig: { type: 'string' },
      master: { type: 'string' },
      'hostname-override': { type: 'string', default: '' },
      'cluster-cidr': { type: 'string', default: '' },
      'proxy-mode': { type: 'string', default: 'nftables' },
      'network-namespace': { type: 'string' },
      v: { type: 'string', short: 'v', default: '0' },
    },
  });
  if (values['proxy-mode'] !== 'nftables') {
    throw new UsageError(
      `--proxy-mode: "${values['proxy-mode']}" is not a mode; nftables is the only one so far`,
    );
  }
  return {
    source: parseSource(values),
    nodeName: nodeName(values['hostname-override']),
    podCIDRs: parseClusterCIDR(values['cluster-cidr']),
    namespace: values['network-namespace'],
    verbosity: parseVerbosity(values.v),
  };
}

interface SourceFlags {
  readonly manifests?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly master?: string | undefined;
}

function parseSource({ manifests, kubeconfig, master }: SourceFlags): SourceOptions {
  if (manifests === undefined) {
    return { kind: 'kubernetes', ...(kubeconfig && { kubeconfig }), ...(master && { master }) };
  }
  if (kubeconfig !== undefined || master !== undefined) {
    throw new UsageError('--manifests: goes with neither --kubeconfig nor --master');
  }
  return { kind: 'manifests', directory: manifests };
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
