/**
 * The reference model: what a node's service proxy must do with a packet, straight from the behaviour spec.
 *
 * Slow and obvious on purpose, and without a line of src: it is what the pipeline and the kernel are held against.
 */
import type { Family, Situation } from '../situation.ts';
import { rangesOf } from './addresses.ts';
import { clusterList, type Endpoint, endpointsOf, localList } from './endpoints.ts';
import { type NodeView, nodeView } from './node-view.ts';
import { type ServicePort, servicePorts } from './service-ports.ts';

/** A service port with its endpoints. */
export interface ModelPort extends ServicePort {
  /** Whatever their condition. */
  readonly endpoints: readonly Endpoint[];
  readonly clusterList: readonly Endpoint[];
  readonly localList: readonly Endpoint[];
}

/** A situation as one family sees it. DUAL-01, DUAL-02: families are independent. */
export interface FamilyModel {
  readonly node: NodeView;
  readonly ports: readonly ModelPort[];
  readonly serviceCIDRs: readonly string[];
}

export type Model = Readonly<Record<Family, FamilyModel>>;

export function modelOf(situation: Situation): Model {
  return { IPv4: familyModel(situation, 'IPv4'), IPv6: familyModel(situation, 'IPv6') };
}

function familyModel(situation: Situation, family: Family): FamilyModel {
  const node = nodeView(situation, family);
  const ports = servicePorts(situation, family, node).map((port) => {
    const endpoints = endpointsOf(port, situation, family, node);
    return {
      ...port,
      endpoints,
      clusterList: clusterList(endpoints, node),
      localList: localList(endpoints),
    };
  });
  return { node, ports, serviceCIDRs: rangesOf(family, situation.serviceCIDRs ?? []) }; // CIP-05, CIP-06
}
