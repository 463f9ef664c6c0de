import { existsSync, writeFileSync } from 'node:fs';
import { loadAddon } from '../../native/addon.ts';
import type { PacketProbe } from '../../native/packet-probe.ts';
import type { Vector } from '../vectors/vector.ts';
import { type NetworkPlan, planNetwork } from './plan-network.ts';

/** The network of a vector, as the kernel has it. */
export interface NodeNetwork {
  readonly plan: NetworkPlan;
  readonly probe: PacketProbe;
}

/**
 * Moves the process into a fresh network namespace and makes it the node of a vector. The one it was in before goes when
 * everything that was opened there is closed.
 */
export function enterNode(vector: Vector): NodeNetwork {
  const { enterNewNetworkNamespace, PacketProbe } = loadAddon();
  enterNewNetworkNamespace();
  const plan = planNetwork(vector);
  for (const [name, value] of Object.entries(SYSCTLS)) set(name, value);
  return { plan, probe: new PacketProbe(plan.interfaces) };
}

/** What a kernel does not have (IPv6 may be off, limits may be younger) does nothing that would have to be changed. */
function set(name: string, value: string): void {
  const file = `/proc/sys/net/${name}`;
  if (existsSync(file)) writeFileSync(file, value);
}

/** Set before there are interfaces, which take over what `default` says. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'ipv4/ip_forward': '1',
  'ipv6/conf/all/forwarding': '1',
  // Sources are what the vector says; a reply may leave by another interface than its request came in by.
  'ipv4/conf/all/rp_filter': '0',
  'ipv4/conf/default/rp_filter': '0',
  // Here the host's settings are the default.
  'ipv4/conf/all/route_localnet': '0',
  'ipv4/conf/default/route_localnet': '0',
  'ipv6/conf/all/disable_ipv6': '0',
  'ipv6/conf/default/disable_ipv6': '0',
  'ipv4/conf/all/send_redirects': '0',
  'ipv4/conf/default/send_redirects': '0',
  // No address of their own, so that interfaces say nothing by themselves.
  'ipv6/conf/default/addr_gen_mode': '1',
  'ipv6/conf/default/accept_dad': '0',
  // Every rejected packet is to be told so: no limit for each host, and none in all for "unreachable".
  'ipv4/icmp_ratelimit': '0',
  'ipv4/icmp_ratemask': '0',
  'ipv6/icmp/ratelimit': '0',
  'ipv6/icmp/ratemask': '127',
};
