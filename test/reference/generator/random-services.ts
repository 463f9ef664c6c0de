import type { Family, RawIngress, RawService, RawServicePort, RawServiceSpec } from '../situation.ts';
import { type AddressPlan, FAMILIES, hostRange, PLAN } from './address-plan.ts';
import { Claims } from './claims.ts';
import type { Random } from './random.ts';
import { randomSpelling } from './spelling.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const NUMBERS = [80, 443, 53, 8080] as const;
const NAMES = ['web', 'db', 'dns', 'geo', 'cart', 'mail'] as const;

/** What a Service is: its type, or why it gets nothing. */
type Flavour = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'headless' | 'ExternalName' | 'foreign';

const USUAL_FLAVOURS = ['ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer'] as const;
const RARE_FLAVOURS = ['headless', 'ExternalName', 'foreign'] as const;

/** Services as an API server returns them; no two claim one frontend (VIP-07 leaves that undefined). */
export class ServiceGenerator {
  readonly #random: Random;
  readonly #families: readonly Family[];
  readonly #frontends = new Claims();
  readonly #names = new Claims();
  /** Addresses given out so far, so that each new one is fresh. */
  #count = 0;

  constructor(random: Random, families: readonly Family[]) {
    this.#random = random;
    this.#families = families;
  }

  services(count: number): RawService[] {
    return Array.from({ length: count }, () => this.#service());
  }

  #service(): RawService {
    const random = this.#random;
    const [namespace, name] = this.#name();
    const flavour: Flavour = random.chance(0.85) ? random.pick(USUAL_FLAVOURS) : random.pick(RARE_FLAVOURS);
    const isForeign = flavour === 'foreign';
    const labels = isForeign && {
      labels: { 'service.kubernetes.io/service-proxy-name': random.pick(['', 'mesh']) },
    };
    const type = flavour === 'foreign' ? 'LoadBalancer' : flavour === 'headless' ? 'ClusterIP' : flavour;
    const isBeingDeleted = random.chance(0.03);
    const metadata = {
      namespace,
      name,
      ...labels,
      ...(random.chance(0.05) && {
        annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '172.20.0.0/16' },
      }),
      ...(isBeingDeleted && { deletionTimestamp: '2026-11-24T10:00:00Z' }),
    };
    const families = this.#serviceFamilies();
    const ports = this.#ports(type);
    const ingress = type === 'LoadBalancer' ? this.#ingress(ports) : this.#leftoverIngress(ports);
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: this.#spec(type, flavour === 'headless', families, ports),
      status: { loadBalancer: ingress.length === 0 ? {} : { ingress } },
    };
  }

  /** Now and then the same name in two namespaces. */
  #name(): [namespace: string, name: string] {
    const namespace = this.#random.pick(['shop', 'shop', 'default']);
    const name = this.#random.pick(NAMES);
    const isFree = this.#names.take([`${namespace}/${name}`]);
    return [namespace, isFree ? name : `${name}-${this.#fresh()}`];
  }

  #serviceFamilies(): readonly Family[] {
    const random = this.#random;
    if (this.#families.length < 2 || random.chance(0.5)) {
      return random.chance(0.5) ? this.#families : this.#families.toReversed();
    }
    return random.sample(this.#families, 1);
  }

  #ports(type: string): RawServicePort[] {
    const random = this.#random;
    const count = random.pick([1, 1, 2, 2, 3]);
    const pairs = NUMBERS.flatMap((port) => PROTOCOLS.map((protocol) => ({ port, protocol })));
    const isOneNumber = random.chance(0.3); // SVC-07
    const pool = isOneNumber ? pairs.slice(0, PROTOCOLS.length) : pairs;
    const isUnnamed = count === 1 && random.chance(0.3);
    return random.sample(pool, count).map(({ port, protocol }, index): RawServicePort => {
      const nodePort = this.#nodePort(type, protocol);
      return {
        ...(!isUnnamed && { name: `p${index}` }),
        protocol,
        port,
        targetPort: random.chance(0.7) ? port + 8000 : 'named',
        ...(nodePort !== 0 && { nodePort }),
        ...(random.chance(0.05) && { appProtocol: 'http' }),
      };
    });
  }

  #nodePort(type: string, protocol: string): number {
    const random = this.#random;
    const isWithout = type === 'LoadBalancer' && random.chance(0.2); // allocateLoadBalancerNodePorts: false
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || isWithout) return 0;
    // From few numbers, so that other protocols get the same (SVC-07).
    const numbers = random.sample([30080, 30443, 31000, 31001, 31002, 31003, 31004, 31005, 31006], 9);
    return numbers.find((number) => this.#frontends.take([`node:${number}/${protocol}`])) ?? 0;
  }

  #spec(
    type: string,
    isHeadless: boolean,
    families: readonly Family[],
    ports: readonly RawServicePort[],
  ): RawServiceSpec {
    const random = this.#random;
    const clusterIPs = families.map((family) => this.#clusterIP(family, isHeadless, ports));
    const externalIPs = isHeadless || type === 'ExternalName' ? [] : this.#externalIPs(ports);
    return {
      type,
      clusterIP: clusterIPs[0] ?? '',
      clusterIPs,
      ipFamilies: families,
      ipFamilyPolicy: families.length > 1 ? 'RequireDualStack' : 'SingleStack',
      selector: { app: 'web' },
      ports,
      ...this.#affinity(),
      ...(externalIPs.length > 0 && { externalIPs }),
      ...(type === 'ExternalName'
        ? { externalName: 'db.example.net' }
        : { internalTrafficPolicy: random.pick(['Cluster', 'Cluster', 'Local']) }),
      ...this.#external(type, externalIPs.length > 0 || random.chance(0.1), ports),
      ...(random.chance(0.05) && { publishNotReadyAddresses: true, trafficDistribution: 'PreferSameZone' }),
    };
  }

  #clusterIP(family: Family, isHeadless: boolean, ports: readonly RawServicePort[]): string {
    if (isHeadless) return 'None';
    const range = this.#random.pick([0, 0, 0, 0, 1, 2] as const);
    const address = PLAN[family].clusterIP(range, this.#fresh());
    this.#frontends.take(frontendKeys(address, ports));
    return address;
  }

  #affinity(): RawServiceSpec {
    const random = this.#random;
    if (random.chance(0.75)) return { sessionAffinity: 'None' };
    const timeoutSeconds = random.pick([10800, 600, 86400]);
    return { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
  }

  #external(type: string, mayBeExternal: boolean, ports: readonly RawServicePort[]): RawServiceSpec {
    const random = this.#random;
    if (type !== 'NodePort' && type !== 'LoadBalancer' && !mayBeExternal) return {};
    const externalTrafficPolicy = random.pick(['Cluster', 'Local']);
    if (type !== 'LoadBalancer') return { externalTrafficPolicy };
    return {
      externalTrafficPolicy,
      ...(externalTrafficPolicy === 'Local' && { healthCheckNodePort: 32000 + this.#fresh() }),
      ...(random.chance(0.4) && { loadBalancerSourceRanges: this.#sourceRanges() }),
      ...(ports.every(({ nodePort }) => nodePort === undefined) && { allocateLoadBalancerNodePorts: false }),
      ...(random.chance(0.1) && { loadBalancerIP: PLAN.IPv4.vip(250), loadBalancerClass: 'example.com/lb' }),
    };
  }

  #externalIPs(ports: readonly RawServicePort[]): string[] {
    if (this.#random.chance(0.7)) return [];
    return this.#frontendAddresses(ports, (plan, host) => plan.externalIP(host));
  }

  /** VIP-03, VIP-04, VIP-07: fresh, shared with other Services, or the node's own; of any family. */
  #frontendAddresses(
    ports: readonly RawServicePort[],
    fresh: (plan: AddressPlan, host: number) => string,
  ): string[] {
    const random = this.#random;
    const families = random.chance(0.1) ? FAMILIES : this.#families;
    const addresses = families.flatMap((family) => {
      const plan = PLAN[family];
      const shared = fresh(plan, 1);
      const choices = [fresh(plan, this.#fresh()), fresh(plan, this.#fresh()), shared, ...plan.nodeAddresses];
      return random.sample(choices, random.pick([0, 1, 1, 2]));
    });
    const free = addresses.filter((address) => this.#frontends.take(frontendKeys(address, ports)));
    return free.map((address) => randomSpelling(random, address));
  }

  #ingress(ports: readonly RawServicePort[]): RawIngress[] {
    const random = this.#random;
    const addresses = this.#frontendAddresses(ports, (plan, host) => plan.vip(host));
    const entries = addresses.map((ip): RawIngress => {
      const ipMode = random.pick(['VIP', 'VIP', 'VIP', undefined, 'Proxy']);
      const portStatus = ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
      return { ip, ...(ipMode && { ipMode }), ...(random.chance(0.05) && { ports: portStatus }) };
    });
    return [...entries, ...random.some([{ hostname: 'lb.example.net' }], 0.1)];
  }

  /** VIP-04, ETP-06: a status counts whatever the type. */
  #leftoverIngress(ports: readonly RawServicePort[]): RawIngress[] {
    return this.#random.chance(0.1) ? this.#ingress(ports) : [];
  }

  /** LB-01 to LB-05, LB-10 */
  #sourceRanges(): string[] {
    const random = this.#random;
    const ranges = FAMILIES.flatMap((family) => {
      if (!this.#families.includes(family) && random.chance(0.8)) return [];
      const { nearRange, farRange, clusterRange, nodeAddresses, nodeRange, emptyRange, anyRange } =
        PLAN[family];
      const choices = [
        nearRange,
        farRange,
        clusterRange,
        nodeRange,
        emptyRange,
        ...nodeAddresses.map(hostRange),
      ];
      return [...random.sample(choices, random.below(4)), ...random.some([anyRange], 0.1)];
    });
    return ranges.map((range) => (random.chance(0.1) ? ` ${range} ` : range));
  }

  /** A number from 2 to 199 that no address of the situation ends in yet. */
  #fresh(): number {
    this.#count++;
    return 1 + (this.#count % 199);
  }
}

function frontendKeys(address: string, ports: readonly RawServicePort[]): string[] {
  return ports.map(({ port, protocol }) => `${address}:${port}/${protocol}`);
}
