/**
 * The typed door to the native addon: the only module that loads it.
 *
 * Numbers cross in typed arrays; byte order, padding and netlink attributes are the addon's business.
 *
 * Rows, the form of set elements on both ways: a header word ({@link rowHead}), the fields of the key and, for a
 * put into a map, the fields of the data. A field is one word, its plain numeric value; an `ipv6` is four, most
 * significant first.
 */

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkAddon } from './check.ts';
import type { PacketProbe, ProbeInterface } from './packet-probe.ts';

export type FieldType = 'ipv4' | 'ipv6' | 'protocol' | 'port' | 'index';

/** A set (no data fields) or map of the table, as the addon needs to know it to encode its elements. */
export interface SetLayout {
  readonly name: string;
  readonly key: readonly FieldType[];
  readonly data: readonly FieldType[];
  /** Elements are ranges of keys: in rows, the first key is followed by the last. Such a set has two fields or more. */
  readonly interval?: boolean;
}

/** A row's verb. Put is no error if the same element is there; delete is one if it is not. */
export const PUT = 1;
export const DELETE = 2;

/** The most words that {@link NftablesTable.commit} takes. */
export const MAX_COMMIT_WORDS = 4096;

/** The header word of a row. */
export function rowHead(verb: typeof PUT | typeof DELETE, set: number): number {
  return (verb << 16) | set;
}

export interface TableOptions {
  /** A named network namespace, or a path if it has a slash; absent means the process's own. */
  readonly namespace?: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly table: string;
  /** Their order gives them the numbers that rows name them by. */
  readonly sets: readonly SetLayout[];
}

/** What the kernel refused. Of a transaction it then did nothing. */
export interface KernelError extends Error {
  /** Such as "EEXIST". ENOBUFS and EPROTO of a commit: its outcome is not known, read the table. */
  readonly code: string;
  readonly errno: number;
  /** The row of the batch that was refused; -1 if it was no row's fault, such as when the table is missing. */
  readonly row: number;
}

/**
 * One nftables table in the kernel. Methods that return a promise never throw; they run one after the other on a
 * thread of the table's own, and keep the process alive until they settle.
 */
export interface NftablesTable {
  /** Netlink port ids: what {@link MonitorOptions.ignorePorts} wants in order to leave this table's doings out. */
  readonly portIds: readonly number[];
  /**
   * One transaction, here and now: some microseconds for some rows. It waits while a transaction of anyone else is in the
   * kernel. RangeError or TypeError for bad rows, before anything is sent; {@link KernelError}.
   */
  commit(rows: Uint32Array): void;
  /** The same for any number of rows, on the table's thread. The rows are copied at once. */
  commitInBackground(rows: Uint32Array): Promise<void>;
  /** Text in nft's language, one transaction. Resolves to what nft prints; rejects with what it says. */
  runScript(script: string): Promise<string>;
  /** The elements of a set, as rows with the verb put, in no order. EINTR if it does not stop changing. */
  read(set: number): Promise<Uint32Array>;
  exists(): Promise<boolean>;
  /** Deletes the table and all in it; false if it was not there. */
  drop(): Promise<boolean>;
  /** Promises still settle: a commit or script under way is finished, a read given up, what waits is rejected. May be called again. */
  close(): void;
}

export interface MonitorOptions {
  /** As for a table. */
  readonly namespace?: string;
  /** Whose transactions are left out, at most 200: the kernel drops them before they are queued. */
  readonly ignorePorts?: readonly number[];
}

/** Equal changes in a row are one, with a count. */
export interface MonitorChange {
  readonly verb: 'new' | 'delete';
  readonly object: 'table' | 'chain' | 'rule' | 'set' | 'element' | 'other';
  /** "IPv4", "IPv6", "inet", "arp", "bridge", "netdev", or a number that is none of these. */
  readonly family: string;
  readonly table: string;
  /** The chain of a rule, the set of an element, or the object's own name; a table has none. */
  readonly name?: string;
  readonly count: number;
}

/** One transaction. */
export interface MonitorTransaction {
  readonly overrun: false;
  readonly generation: number;
  /** Thread id of the sender, as the kernel's first PID namespace counts. */
  readonly processId: number;
  readonly processName: string;
  /** At most 256. */
  readonly changes: readonly MonitorChange[];
  /** There were more changes than that. */
  readonly truncated: boolean;
}

/** Notifications were lost: anything may have changed. */
export interface MonitorOverrun {
  readonly overrun: true;
}

export type MonitorEvent = MonitorTransaction | MonitorOverrun;

/** Listens from its construction to close(). It does not keep the process alive. */
export interface NftablesMonitor {
  /** No event arrives after it. May be called again. */
  close(): void;
}

export interface AddressMonitorOptions {
  /** As for a table. */
  readonly namespace?: string;
}

/**
 * Tells all addresses of the interfaces that are up, at first and whenever they changed: for each the number of its
 * words (1 or 4), and the words, most significant first; sorted and unique. An address that another host may hold
 * (duplicate address detection goes on or failed) is none. A {@link KernelError} comes once when they cannot be
 * read; they are told again as soon as they can. It does not keep the process alive.
 */
export interface AddressMonitor {
  /** Nothing is told after it. May be called again. */
  close(): void;
}

export interface ConntrackOptions {
  /** As for a table. */
  readonly namespace?: string;
  readonly family: 'IPv4' | 'IPv6';
}

/**
 * Rows that say which UDP connections are right, for {@link ConnectionTable.deleteStale}. An address is one word or
 * four, as in {@link AddressMonitor}. A group is any number: what frontends and endpoints have in common.
 *
 * | row | words |
 * |---|---|
 * | an endpoint that serves | `ENDPOINT, group, port, ...address` |
 * | a frontend | `FRONTEND, group, port, ...address` |
 * | a node port | `NODE_PORT, group, port` |
 * | an address on which node ports are accepted | `NODE_ADDRESS, ...address` |
 */
export const CONNTRACK_ROW = { ENDPOINT: 1, FRONTEND: 2, NODE_PORT: 3, NODE_ADDRESS: 4 } as const;

export interface ConntrackResult {
  /** UDP entries of the family that were looked at. */
  readonly seen: number;
  readonly deleted: number;
}

/** Where the translated connections of one family are remembered: in the kernel's conntrack, or in a backend's own maps. */
export interface ConnectionTable {
  /**
   * Deletes the UDP entries whose original destination is a frontend, or a node port on an address that accepts it,
   * and whose reply source is no endpoint of its groups (a frontend may have several rows). Other entries are left
   * alone. One pass over the table; {@link KernelError} if it cannot be listed or an entry not be deleted; ECANCELED
   * by close(). The rows are copied at once.
   */
  deleteStale(rows: Uint32Array): Promise<ConntrackResult>;
  /** May be called again. */
  close(): void;
}

/**
 * The kernel's connection tracking table. All work is done on a thread of its own, one call after the other; a
 * promise keeps the process alive until it settles.
 */
export interface ConntrackTable extends ConnectionTable {}

export interface EbpfOptions {
  /** As for a table: whose devices the programs are attached to, as they come. */
  readonly namespace?: string;
  readonly family: 'IPv4' | 'IPv6';
  /**
   * Folder of this family's pins, on a bpffs; made if it is not there. Absent: all is gone from the kernel with close() or the
   * process.
   */
  readonly pins?: string;
  /** Folder of a cgroup v2 whose processes are translated at the socket. Absent: at devices only. */
  readonly cgroup?: string;
  /** How many connections (of four elements at most) are remembered, each family; absent is 2^18 elements. */
  readonly connections?: number;
  /** False: filters instead of links hold the programs at devices, as they do on kernels before 6.6. They stay with the devices. */
  readonly links?: boolean;
}

/** Which interfaces are pods': a name, or the beginning of one. */
export interface PodInterface {
  readonly name: string;
  readonly isPrefix: boolean;
}

/**
 * Kinds of rows of {@link EbpfTable}: the set of {@link rowHead}. `A` is an address: one word or four. A delete has the key alone.
 *
 * | kind | key | data |
 * |---|---|---|
 * | FRONTEND | `A` (all 0: a node port), protocol, port | action, set, count, seconds (inside); the same (outside); source list + 1 |
 * | SLOT | set, slot | `A`, port |
 * | AFFINITY_SLOT | set, slot | endpoint number |
 * | AFFINITY_ENDPOINT | set, endpoint number | `A`, port |
 * | SOURCE | list, prefix length, `A` | |
 * | CLUSTER_IP, HAIRPIN | `A` | |
 *
 * and of settings, each row a put:
 *
 * | kind | words |
 * |---|---|
 * | FLAGS | {@link EBPF_FLAG} |
 * | POD_RANGE | prefix length, `A` |
 * | NODE_ADDRESS | `A` |
 * | SERVICE_CIDR | prefix length, `A` |
 */
export const EBPF_ROW = {
  FRONTEND: 1,
  SLOT: 2,
  AFFINITY_SLOT: 3,
  AFFINITY_ENDPOINT: 4,
  SOURCE: 5,
  CLUSTER_IP: 6,
  HAIRPIN: 7,
  FLAGS: 16,
  POD_RANGE: 17,
  NODE_ADDRESS: 18,
  SERVICE_CIDR: 19,
} as const;

/** What a frontend does; NONE is for `outside` alone. Seconds of 0 are no affinity, a source list of 0 is everybody. */
export const EBPF_ACTION = { NONE: 0, FORWARD: 1, REJECT: 2, DROP: 3 } as const;

/** `PODS_KNOWN`: local pods are told from others, by a range or an interface. */
export const EBPF_FLAG = { MASQUERADE_ALL: 1, NODE_PORTS_ANYWHERE: 2, PODS_KNOWN: 4 } as const;

export interface EbpfProgram {
  readonly name: string;
  readonly instructions: number;
  /** 0 if the kernel (before 5.16) does not tell. */
  readonly verified: number;
}

/** A frame at a device, both by their indexes; `cameBy` 0 is a process of the node. */
export interface EbpfTrial {
  readonly frame: Uint8Array;
  readonly device: number;
  readonly cameBy: number;
}

export interface EbpfTrialResult {
  /** TC_ACT_* of linux/pkt_cls.h. */
  readonly verdict: number;
  readonly frame: Uint8Array;
}

/**
 * The eBPF maps and programs of one family. Methods that return a promise never throw; they run one after the other on a thread
 * of the table's own, and keep the process alive until they settle.
 */
export interface EbpfTable {
  /** Whether there are maps of this layout: loaded, or pinned by an earlier process. */
  exists(): Promise<boolean>;
  /** Makes or adopts the maps and loads the programs, without any effect yet: what takes most of the time of prepare(). */
  load(): Promise<void>;
  /**
   * Makes or adopts the maps, puts the settings in force and attaches the programs; called again, only the settings. The rows are
   * all settings there are. Resolves to whether the maps were made: then nothing is in them.
   */
  prepare(settings: Uint32Array, podInterface?: PodInterface): Promise<boolean>;
  /**
   * Writes rows here and now, all or none: {@link KernelError} with the row that was refused. A put replaces; a delete of what is
   * not there is none. Each key may be in one row only; the order of rows means nothing: what frontends lead to is
   * written before them, and deleted after them. ENOENT before prepare().
   */
  commit(rows: Uint32Array): void;
  /** The same for any number of rows, on the table's thread. The rows are copied at once. */
  commitInBackground(rows: Uint32Array): Promise<void>;
  /** Everything but the settings, as rows with the verb put, in no order. */
  read(): Promise<Uint32Array>;
  /** Takes all of it out of the kernel; false if nothing was there. */
  drop(): Promise<boolean>;
  /** As {@link ConntrackTable.deleteStale}, of the connections that the programs translate. */
  deleteStale(rows: Uint32Array): Promise<ConntrackResult>;
  /**
   * For tests: puts a connection in as if a packet had made it. Words: protocol, source port, destination port, endpoint port,
   * source, destination, endpoint.
   */
  track(flow: Uint32Array): void;
  isTracked(flow: Uint32Array): boolean;
  /** For tests: the programs that are loaded, how large they are, and how many instructions the verifier looked at. */
  programs(): readonly EbpfProgram[];
  /** For tests: lets a program for devices deal with a frame that nobody sent. A redirection is told, and not made. */
  run(program: string, trial: EbpfTrial): Promise<EbpfTrialResult>;
  /** What is pinned stays in force. Promises still settle. May be called again. */
  close(): void;
}

/** See {@link Addon.probeEbpf}. */
export type EbpfFeature =
  | 'maps'
  | 'batches'
  | 'device-programs'
  | 'device-redirect'
  | 'device-source'
  | 'device-links'
  | 'socket-programs'
  | 'socket-refusal';

/** What the addon exports. */
export interface Addon {
  /** See {@link ABI}. */
  readonly abi: number;
  readonly NftablesTable: new (options: TableOptions) => NftablesTable;
  readonly NftablesMonitor: new (
    options: MonitorOptions,
    onEvent: (event: MonitorEvent) => void,
  ) => NftablesMonitor;
  readonly AddressMonitor: new (
    options: AddressMonitorOptions,
    onReport: (error: KernelError | undefined, addresses: Uint32Array | undefined) => void,
  ) => AddressMonitor;
  readonly ConntrackTable: new (options: ConntrackOptions) => ConntrackTable;
  /** {@link KernelError} ENOSYS if clang or bpftool were missing when the addon was built. */
  readonly EbpfTable: new (
    options: EbpfOptions,
  ) => EbpfTable;
  /**
   * Tries what the eBPF backend uses of a kernel, in the network namespace of the JS thread, and leaves nothing. For each
   * feature 0 or the errno that says why it is not there.
   */
  readonly probeEbpf: () => Readonly<Record<EbpfFeature, number>>;
  /** `interfaces` are created and taken up, and so is the loopback; their order gives them their numbers. */
  readonly PacketProbe: new (
    interfaces: readonly ProbeInterface[],
  ) => PacketProbe;
  /**
   * Moves the JS thread into a network namespace of its own: the sockets that it opens, and the threads and processes that it
   * starts from then on, are in it. Only for a process that lives in namespaces.
   */
  readonly enterNewNetworkNamespace: () => void;
  /**
   * Opens a TCP socket that listens in a network namespace (see {@link TableOptions}), on an address of either family;
   * IPv6 alone on `::`. Returns its file descriptor, which the caller owns. {@link KernelError}.
   */
  readonly listenIn: (namespace: string, address: string, port: number) => number;
}

/** Goes up with every change of {@link Addon}; native/binding/addon.cc has the same number. */
export const ABI = 6;

/** The names of {@link Addon}, for a check when it is loaded: the compiler sees to it that none is missing. */
export const ADDON_NAMES = Object.keys({
  abi: true,
  NftablesTable: true,
  NftablesMonitor: true,
  AddressMonitor: true,
  ConntrackTable: true,
  EbpfTable: true,
  probeEbpf: true,
  PacketProbe: true,
  enterNewNetworkNamespace: true,
  listenIn: true,
} satisfies Record<keyof Addon, true>);

const ADDON_PATH = fileURLToPath(new URL('../../build/native/Release/nodeplane.node', import.meta.url));

let loaded: Addon | undefined;

/** The addon, loaded when first asked for: what needs no kernel works without it. */
export function loadAddon(): Addon {
  loaded ??= requireAddon(ADDON_PATH);
  return loaded;
}

function requireAddon(path: string): Addon {
  let exports: unknown;
  try {
    exports = createRequire(import.meta.url)(path);
  } catch (cause) {
    throw new Error(`Cannot load the native addon ${path}: run "npm run build"`, { cause });
  }
  const fault = checkAddon(exports, ABI, ADDON_NAMES);
  if (fault !== undefined)
    throw new Error(`Cannot use the native addon ${path}: ${fault}; run "npm run build"`);
  return exports as Addon;
}
