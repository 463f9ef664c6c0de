import { addNamespaces, removeNamespaces } from '../../../src/lab/namespaces.ts';
import { EBPF_ACTION, EBPF_ROW, type EbpfTable, loadAddon, PUT, rowHead } from '../../../src/native/addon.ts';
import { addressWords, type Family } from '../../../src/net/address.ts';
import { exec } from '../../helpers/netns.ts';

/** The addresses of a node with eBPF tables, and of who talks through it. */
export interface Addresses {
  readonly node: string;
  readonly client: string;
  readonly endpoint: string;
  /** A cluster IP: port 80 goes to the endpoint, port 81 is refused. */
  readonly clusterIP: string;
  /** An external IP: port 80 goes to the endpoint, from an address of the node. */
  readonly externalIP: string;
  readonly stranger: string;
  readonly routes: string;
}

export const ADDRESSES: Readonly<Record<Family, Addresses>> = {
  IPv4: {
    node: '192.0.2.1',
    client: '198.51.100.7',
    endpoint: '10.244.1.5',
    clusterIP: '10.96.0.10',
    externalIP: '203.0.113.9',
    stranger: '198.51.100.200',
    routes: '10.244.0.0/16',
  },
  IPv6: {
    node: '2001:db8::1',
    client: '2001:db8:7::7',
    endpoint: 'fd00:244::5',
    clusterIP: 'fd00:96::10',
    externalIP: '2001:db8:9::9',
    stranger: '2001:db8:7::200',
    routes: 'fd00:244::/64',
  },
};

export const PORT = 80;
export const REFUSED_PORT = 81;
export const TARGET_PORT = 8080;

const PROTOCOLS = [6, 17, 132];
const SET = 3;

export interface TestNode {
  readonly table: EbpfTable;
  /** Name of its network namespace. */
  readonly namespace: string;
  remove(): Promise<void>;
}

/** A node with tables and programs, in a namespace whose loopback is the device that frames are tried on. */
export async function openNode(family: Family, purpose = 'frames'): Promise<TestNode> {
  const namespace = `np-test-${process.pid}-${purpose}-${family.toLowerCase()}`;
  const { node, routes } = ADDRESSES[family];
  await addNamespaces([namespace]);
  await exec(namespace, 'ip', 'address', 'add', node, 'dev', 'lo', ...(family === 'IPv6' ? ['nodad'] : []));
  await exec(namespace, 'ip', 'route', 'add', routes, 'dev', 'lo', 'src', node);
  await exec(namespace, 'sysctl', '-qw', `net.${family.toLowerCase()}.conf.all.forwarding=1`);
  const { EbpfTable } = loadAddon();
  const table = new EbpfTable({ family, namespace, connections: 2 ** 14 });
  await table.prepare(rows([EBPF_ROW.FLAGS, 0]));
  await table.commitInBackground(serviceRows(ADDRESSES[family]));
  const remove = (): Promise<void> => {
    table.close();
    return removeNamespaces([namespace]);
  };
  return { table, namespace, remove };
}

function serviceRows({ clusterIP, externalIP, endpoint }: Addresses): Uint32Array {
  const { FORWARD, REJECT, NONE } = EBPF_ACTION;
  const to = (action: number): number[] => [action, SET, 1, 0, NONE, 0, 0, 0, 0];
  return rows(
    [EBPF_ROW.SLOT, SET, 0, ...wordsOf(endpoint), TARGET_PORT],
    [EBPF_ROW.CLUSTER_IP, ...wordsOf(clusterIP)],
    ...PROTOCOLS.flatMap((protocol) => [
      [EBPF_ROW.FRONTEND, ...wordsOf(clusterIP), protocol, PORT, ...to(FORWARD)],
      [EBPF_ROW.FRONTEND, ...wordsOf(clusterIP), protocol, REFUSED_PORT, ...to(REJECT)],
      [EBPF_ROW.FRONTEND, ...wordsOf(externalIP), protocol, PORT, ...to(FORWARD)],
    ]),
  );
}

export function rows(...each: readonly (readonly number[])[]): Uint32Array {
  return Uint32Array.from(each.flatMap(([kind = 0, ...words]) => [rowHead(PUT, kind), ...words]));
}

function wordsOf(address: string): readonly number[] {
  return addressWords(address) ?? [];
}
