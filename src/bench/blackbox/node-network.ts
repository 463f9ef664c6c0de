import { existsSync, writeFileSync } from 'node:fs';
import { loadAddon } from '../../native/addon.ts';
import type { PacketProbe } from '../../native/packet-probe.ts';
import { PROBING_PODS } from './cluster-plan.ts';
import { NODE_ADDRESS } from './objects.ts';

/** Numbers of the interfaces. */
export const PODS = 0;
export const UPLINK = 1;

/** Moves the process into a fresh network namespace, and makes it a node: pods behind one interface, all else behind the other. */
export function enterNode(): PacketProbe {
  const { enterNewNetworkNamespace, PacketProbe } = loadAddon();
  enterNewNetworkNamespace();
  for (const [name, value] of Object.entries(SYSCTLS)) set(name, value);
  return new PacketProbe([
    { name: 'pods', addresses: [], routes: [PROBING_PODS] },
    { name: 'uplink', addresses: [NODE_ADDRESS], routes: ['0.0.0.0/0'] },
  ]);
}

/** Set before there are interfaces, which take over what `default` says. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'ipv4/ip_forward': '1',
  'ipv4/conf/all/rp_filter': '0',
  'ipv4/conf/default/rp_filter': '0',
  // Interfaces are to say nothing by themselves.
  'ipv6/conf/default/addr_gen_mode': '1',
  'ipv6/conf/default/accept_dad': '0',
  // Probes are connections that nobody goes on with; with the usual minute, thousands a second would fill the table.
  'netfilter/nf_conntrack_tcp_timeout_syn_sent': '2',
  'netfilter/nf_conntrack_tcp_timeout_syn_recv': '2',
};

/** What a kernel does not have does nothing that would have to be changed. */
function set(name: string, value: string): void {
  const file = `/proc/sys/net/${name}`;
  if (existsSync(file)) writeFileSync(file, value);
}
