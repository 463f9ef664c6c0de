import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { KERNEL_BACKENDS } from '../backends/kernel-backend.ts';
import type { ProxyConfig } from '../config/proxy-config.ts';
import { ConfigError, readProxyConfig } from '../config/read-proxy-config.ts';

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
  readonly config: ProxyConfig;
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
      'bpf-cgroup': { type: 'string', default: '' },
      'bind-address': { type: 'string', default: '' },
      'cluster-cidr': { type: 'string', default: '' },
      'detect-local-mode': { type: 'string', default: '' },
      'hostname-override': { type: 'string', default: '' },
      'masquerade-all': { type: 'boolean', default: false },
      'nodeport-addresses': { type: 'string', multiple: true, default: [] },
      'pod-bridge-interface': { type: 'string', default: '' },
      'pod-interface-name-prefix': { type: 'string', default: '' },
      'proxy-mode': { type: 'string', default: 'nftables' },
      'network-namespace': { type: 'string' },
      v: { type: 'string', short: 'v', default: '0' },
    },
  });
  const mode = parseMode(values['proxy-mode'], values['bpf-cgroup']);
  return {
    source: parseSource(values),
    config: parseConfig({
      mode,
      ebpf: { cgroup: values['bpf-cgroup'] },
      bindAddress: values['bind-address'],
      clusterCIDR: values['cluster-cidr'],
      detectLocalMode: values['detect-local-mode'],
      detectLocal: {
        bridgeInterface: values['pod-bridge-interface'],
        interfaceNamePrefix: values['pod-interface-name-prefix'],
      },
      hostnameOverride: values['hostname-override'],
      nftables: { masqueradeAll: values['masquerade-all'] },
      nodePortAddresses: values['nodeport-addresses'].flatMap((list) => list.split(',')),
    }),
    namespace: values['network-namespace'],
    verbosity: parseVerbosity(values.v),
  };
}

function parseMode(text: string, cgroup: string): string {
  if (!KERNEL_BACKENDS.some((name) => name === text))
    throw new UsageError(`--proxy-mode: "${text}" is none of ${KERNEL_BACKENDS.join(', ')}`);
  if (cgroup !== '' && text !== 'ebpf')
    throw new UsageError('--bpf-cgroup: goes with --proxy-mode=ebpf only');
  return text;
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

/** The flags that set fields of the configuration, as its errors name them. */
const FLAG_OF_FIELD: Readonly<Record<string, string>> = {
  bindAddress: '--bind-address',
  clusterCIDR: '--cluster-cidr',
  detectLocalMode: '--detect-local-mode',
  'detectLocal.bridgeInterface': '--pod-bridge-interface',
  'detectLocal.interfaceNamePrefix': '--pod-interface-name-prefix',
  hostnameOverride: '--hostname-override',
  nodePortAddresses: '--nodeport-addresses',
};

function parseConfig(fields: Readonly<Record<string, unknown>>): ProxyConfig {
  try {
    return readProxyConfig(fields, hostname());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = error.faults.map((fault) =>
      fault.replace(/^[^:]+/, (field) => FLAG_OF_FIELD[field] ?? field),
    );
    throw new UsageError(faults.join('\n'));
  }
}

function parseVerbosity(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`-v: "${text}" is not a level`);
  return Number(text);
}
