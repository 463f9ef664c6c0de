/**
 * KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1), as far as it shapes the forwarding table and the way into the
 * kernel; other fields are not looked at. `mode: ebpf` and the section `ebpf` are ours. Source: sections 2 and 3 of the
 * interface spec.
 */
import { type Cidr, canonicalAddress, parseCidr } from '../net/address.ts';
import type { LocalTraffic, ProxyConfig, ProxyMode } from './proxy-config.ts';

/** All that is wrong with a configuration, a line for each field. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/**
 * Reads the fields of a configuration; absent ones and zero values get their defaults. `hostname` is the name of the host,
 * which `hostnameOverride` overrides. Throws {@link ConfigError}.
 */
export function readProxyConfig(fields: unknown, hostname: string): ProxyConfig {
  const reader = new FieldReader(fields);
  const config = {
    hostname: nodeName(reader, hostname),
    mode: proxyMode(reader),
    bpfCgroup: reader.text('ebpf', 'cgroup') || undefined,
    localTraffic: localTraffic(reader),
    // See MODES: a file may be written for either.
    masqueradeAll: reader.flag('nftables', 'masqueradeAll') || reader.flag('iptables', 'masqueradeAll'),
    nodePortAddresses: nodePortAddresses(reader),
    bindAddress: bindAddress(reader),
  };
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return config;
}

/** We stand in for kube-proxy's nftables mode; a file that was written for another of its modes means the same. */
const MODES: Readonly<Record<string, ProxyMode>> = {
  '': 'nftables',
  iptables: 'nftables',
  ipvs: 'nftables',
  nftables: 'nftables',
  ebpf: 'ebpf',
};

function proxyMode(reader: FieldReader): ProxyMode {
  const text = reader.text('mode');
  const mode = Object.hasOwn(MODES, text) ? MODES[text] : undefined;
  if (mode === undefined) reader.fault('mode', `"${text}" is not a mode; nftables and ebpf are`);
  return mode ?? 'nftables';
}

/** NODE-01 */
function nodeName(reader: FieldReader, hostname: string): string {
  const override = reader.text('hostnameOverride');
  const name = (override === '' ? hostname : override).trim().toLowerCase();
  if (name === '') reader.fault('hostnameOverride', 'the name of the node is empty');
  return name;
}

/** MASQ-13 */
function localTraffic(reader: FieldReader): LocalTraffic {
  const mode = reader.text('detectLocalMode');
  switch (mode) {
    case '':
    case 'ClusterCIDR':
      return { mode: 'ClusterCIDR', cidrs: clusterCIDRs(reader) };
    case 'NodeCIDR':
      return { mode };
    case 'BridgeInterface':
      return { mode, name: interfaceName(reader, 'bridgeInterface', mode) };
    case 'InterfaceNamePrefix':
      return { mode, prefix: interfaceName(reader, 'interfaceNamePrefix', mode) };
    default:
      reader.fault(
        'detectLocalMode',
        `"${mode}" is not one of ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix`,
      );
      return { mode: 'NodeCIDR' };
  }
}

/** IFNAMSIZ of linux/if.h, with its NUL. */
const INTERFACE_NAME_BYTES = 16;

function interfaceName(reader: FieldReader, field: string, mode: string): string {
  const name = reader.text('detectLocal', field);
  const path = `detectLocal.${field}`;
  if (name === '') reader.fault(path, `is needed in mode ${mode}`);
  // It becomes part of a rule's text.
  else if (!/^[^\s"*/\\]+$/.test(name) || Buffer.byteLength(name) >= INTERFACE_NAME_BYTES)
    reader.fault(path, `"${name}" is not the name of an interface`);
  return name;
}

/** One CIDR, or two of different families. */
function clusterCIDRs(reader: FieldReader): readonly Cidr[] {
  const text = reader.text('clusterCIDR');
  if (text === '') return [];
  const cidrs = text.split(',').flatMap((part) => reader.cidr('clusterCIDR', part.trim()));
  const families = new Set(cidrs.map((cidr) => cidr.family));
  if (cidrs.length > 2 || families.size !== cidrs.length)
    reader.fault('clusterCIDR', `"${text}" is neither one CIDR nor two of different families`);
  return cidrs;
}

function nodePortAddresses(reader: FieldReader): ProxyConfig['nodePortAddresses'] {
  const entries = reader.texts('nodePortAddresses');
  if (entries.length === 0) return 'primary';
  if (!entries.includes('primary'))
    return entries.flatMap((entry) => reader.cidr('nodePortAddresses', entry));
  if (entries.length > 1) reader.fault('nodePortAddresses', '"primary" stands alone');
  return 'primary';
}

function bindAddress(reader: FieldReader): string | undefined {
  const text = reader.text('bindAddress');
  if (text === '') return undefined;
  const address = canonicalAddress(text);
  if (address === undefined) reader.fault('bindAddress', `"${text}" is not an IP address`);
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** Reads untyped fields and gathers what is wrong with them. Null and absent are the same: the default. */
class FieldReader {
  readonly faults: string[] = [];
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: unknown) {
    this.#fields = isRecord(fields) ? fields : {};
    if (!isRecord(fields)) this.faults.push('the configuration is not a mapping');
  }

  fault(path: string, message: string): void {
    this.faults.push(`${path}: ${message}`);
  }

  text(...path: string[]): string {
    const value = this.#value(path) ?? '';
    if (typeof value === 'string') return value;
    this.fault(path.join('.'), `${JSON.stringify(value)} is not a string`);
    return '';
  }

  flag(...path: string[]): boolean {
    const value = this.#value(path) ?? false;
    if (typeof value === 'boolean') return value;
    this.fault(path.join('.'), `${JSON.stringify(value)} is not true or false`);
    return false;
  }

  texts(name: string): readonly string[] {
    const value = this.#value([name]) ?? [];
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
    this.fault(name, `${JSON.stringify(value)} is not a list of strings`);
    return [];
  }

  /** One CIDR, or none and a fault. */
  cidr(path: string, text: string): Cidr[] {
    const cidr = parseCidr(text);
    if (cidr === undefined) this.fault(path, `"${text}" is not a CIDR`);
    return cidr === undefined ? [] : [cidr];
  }

  #value(path: readonly string[]): unknown {
    let value: unknown = this.#fields;
    for (const name of path) {
      if (value === null || value === undefined) return undefined;
      if (!isRecord(value)) {
        this.fault(path.slice(0, -1).join('.'), 'is not a mapping');
        return undefined;
      }
      value = value[name];
    }
    return value;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
