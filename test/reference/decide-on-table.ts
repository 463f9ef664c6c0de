/**
 * What the rules of a backend make of a packet, step by step as the nftables rules go, on the wanted forwarding
 * table: so that random clusters can be judged by the ten thousand, without a kernel.
 */

import type { WantedTable } from '../../src/forwarding/forwarding-table.ts';
import type { Target } from '../../src/forwarding/frontend.ts';
import { type Frontend, frontendKey } from '../../src/forwarding/frontend.ts';
import type { NodeSettings } from '../../src/forwarding/node-settings.ts';
import { type Cidr, parseCidr } from '../../src/net/address.ts';
import { contains } from '../../src/net/cidr.ts';
import type { Decision, Masquerade, Packet } from './situation.ts';

/** A programmed node, as one family sees it. */
export interface ProgrammedNode {
  readonly table: WantedTable;
  readonly settings: NodeSettings;
  /** Every address of its interfaces, loopback included. */
  readonly hostAddresses: readonly string[];
}

export function decideOnTable(node: ProgrammedNode, packet: Packet): Decision {
  const frontend = frontendOf(node, packet);
  if (frontend === undefined) return withoutFrontend(node, packet);
  if (!isAdmitted(node, frontend, packet)) return { action: 'drop' };
  const target = targetOf(node, frontend, packet);
  if (target.action !== 'forward') return target;
  const endpoints = node.table.slotSet(target.slotSet)?.endpoints ?? [];
  return {
    action: 'dnat',
    endpoints: new Map(endpoints.map((it) => [it, masquerade(node, frontend, packet, addressOf(it))])),
  };
}

/** How long a client keeps the endpoint that it gets, in seconds; undefined is not at all. */
export function affinityOnTable(node: ProgrammedNode, packet: Packet): number | undefined {
  const frontend = frontendOf(node, packet);
  const target = frontend && targetOf(node, frontend, packet);
  return target?.action === 'forward' ? node.table.slotSet(target.slotSet)?.affinitySeconds : undefined;
}

function frontendOf(
  { table, settings, hostAddresses }: ProgrammedNode,
  packet: Packet,
): Frontend | undefined {
  const { destIP, destPort, protocol } = packet;
  if (protocol === 'ICMP' || destPort === undefined) return undefined;
  const frontend = table.frontend(frontendKey(destIP, protocol, destPort));
  if (frontend !== undefined) return frontend;
  const { nodePortAddresses } = settings;
  const isAccepted =
    nodePortAddresses === 'any'
      ? hostAddresses.includes(destIP) && !isLoopback(destIP)
      : nodePortAddresses.includes(destIP);
  return isAccepted ? table.frontend(frontendKey(undefined, protocol, destPort)) : undefined;
}

function isAdmitted({ table }: ProgrammedNode, { sourceList }: Frontend, { sourceIP }: Packet): boolean {
  if (sourceList === undefined) return true;
  return table.sourceList(sourceList)?.ranges.some((range) => isInText(range, sourceIP)) ?? false;
}

function targetOf(node: ProgrammedNode, { inside, outside }: Frontend, packet: Packet): Target {
  if (outside === undefined || isLocalPod(node.settings, packet)) return inside;
  return node.hostAddresses.includes(packet.sourceIP) ? inside : outside;
}

function isLocalPod({ localPods }: NodeSettings, { sourceIP, inInterface }: Packet): boolean {
  if (localPods === undefined) return false;
  if (localPods.by === 'source') return isInCidr(localPods.cidr, sourceIP);
  const { name, isPrefix } = localPods;
  return isPrefix ? (inInterface?.startsWith(name) ?? false) : inInterface === name;
}

function masquerade(
  { table, settings, hostAddresses }: ProgrammedNode,
  { outside }: Frontend,
  packet: Packet,
  endpoint: string,
): Masquerade {
  // What is delivered here never gets to postrouting, unless it comes from here.
  if (packet.origin !== 'node' && hostAddresses.includes(endpoint)) return 'no';
  if (packet.sourceIP === endpoint && table.hasHairpin(endpoint)) return 'yes';
  const isPod = isLocalPod(settings, packet);
  if (table.hasClusterIP(packet.destIP)) {
    const isOutsider = settings.localPods !== undefined && !isPod;
    return settings.masqueradeAll || isOutsider ? 'yes' : 'no';
  }
  if (outside === undefined) return 'yes';
  return hostAddresses.includes(packet.sourceIP) && !isPod ? 'yes' : 'no';
}

function withoutFrontend({ table, settings }: ProgrammedNode, { destIP }: Packet): Decision {
  if (table.hasClusterIP(destIP)) return { action: 'reject' };
  const isUnused = settings.serviceCIDRs.some((cidr) => isInCidr(cidr, destIP));
  return { action: isUnused ? 'drop' : 'none' };
}

function isInText(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  return cidr !== undefined && isInCidr(cidr, address);
}

function isInCidr(cidr: Cidr, address: string): boolean {
  return contains(cidr, address);
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function addressOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
