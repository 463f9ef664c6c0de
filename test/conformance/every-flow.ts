import type { Vector } from '../../src/conformance/vectors/vector.ts';
import { NO_RULES, type Ruleset } from './ruleset.ts';
import { VECTOR, vectorOf } from './vector.ts';

export interface Addresses {
  readonly family: 'ip' | 'ip6';
  readonly pod: string;
  readonly node: string;
  readonly client: string;
  readonly service: string;
  readonly here: string;
  readonly there: string;
  readonly pods: string;
  /** Of the node itself, listened to by nobody. */
  readonly second: string;
  readonly elsewhere: string;
}

export const IPV4: Addresses = {
  family: 'ip',
  pod: '10.1.1.9',
  node: '192.0.2.1',
  second: '192.0.2.2',
  client: '203.0.113.5',
  service: '10.96.0.1',
  here: '10.1.1.5',
  there: '10.1.2.5',
  pods: '10.1.0.0/16',
  elsewhere: '198.51.100.7',
};

export const IPV6: Addresses = {
  family: 'ip6',
  pod: 'fd00:1:1::9',
  node: '2001:db8::1',
  second: '2001:db8::2',
  client: '2001:db8:5::5',
  service: 'fd00:96::1',
  here: 'fd00:1:1::5',
  there: 'fd00:1:2::5',
  pods: 'fd00:1::/32',
  elsewhere: '2001:db8:7::7',
};

export const ORIGINS = { pod: 'local-pod', node: 'node', client: 'external' } as const;

export type Who = keyof typeof ORIGINS;

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** A service on port 80 of every protocol; port 81 has no endpoints, port 82 none that may be used. */
export function vectorWith(addresses: Addresses, fields: object = {}): Vector {
  const { family, node, second, service, here, there, elsewhere } = addresses;
  const at = (address: string): string => (family === 'ip6' ? `[${address}]:8080` : `${address}:8080`);
  const from = (who: Who) => ({ origin: ORIGINS[who], sourceIP: addresses[who] });
  const translated = { action: 'dnat', endpoints: [at(here), at(there)] };
  const flows = (['pod', 'node', 'client'] as const).flatMap((who) => [
    ...PROTOCOLS.flatMap((protocol) => [
      {
        ...from(who),
        name: `${who} ${protocol} served`,
        protocol,
        destIP: service,
        destPort: 80,
        expect: { ...translated, masquerade: who !== 'pod' },
      },
      {
        ...from(who),
        name: `${who} ${protocol} rejected`,
        protocol,
        destIP: service,
        destPort: 81,
        expect: { action: 'reject' },
      },
      {
        ...from(who),
        name: `${who} ${protocol} dropped`,
        protocol,
        destIP: service,
        destPort: 82,
        expect: { action: 'drop' },
      },
      {
        ...from(who),
        name: `${who} ${protocol} routed`,
        protocol,
        destIP: elsewhere,
        destPort: 80,
        expect: { action: 'none' },
      },
      {
        ...from(who),
        name: `${who} ${protocol} delivered`,
        protocol,
        destIP: second,
        destPort: 83,
        expect: { action: 'none' },
      },
    ]),
    {
      ...from(who),
      name: `${who} ICMP routed`,
      protocol: 'ICMP',
      destIP: elsewhere,
      expect: { action: 'none' },
    },
    {
      ...from(who),
      name: `${who} ICMP delivered`,
      protocol: 'ICMP',
      destIP: second,
      expect: { action: 'none' },
    },
    {
      ...from(who),
      name: `${who} ICMP rejected`,
      protocol: 'ICMP',
      destIP: service,
      expect: { action: 'reject' },
    },
  ]);
  return vectorOf({
    node: {
      ...VECTOR.node,
      ips: [node, second],
      podCIDRs: [family === 'ip6' ? 'fd00:1:1::/48' : '10.1.1.0/24'],
    },
    flows,
    ...fields,
  });
}

export function rulesFor({ family, service, here, there, pods }: Addresses): Ruleset {
  const translate = `${family} daddr ${service} meta l4proto { tcp, udp, sctp } th dport 80 dnat ${family} to numgen random mod 2 map { 0 : ${here} . 8080, 1 : ${there} . 8080 }`;
  const refuse = `
    ${family} daddr ${service} th dport 82 drop
    ${family} daddr ${service} reject with ${family === 'ip6' ? 'icmpv6' : 'icmp'} type port-unreachable`;
  return {
    ...NO_RULES,
    prerouting: translate,
    output: translate,
    postrouting: `ct original ${family} daddr ${service} ${family} saddr != ${pods} masquerade fully-random`,
    forward: refuse,
    outputFilter: refuse,
  };
}

/** All flows whose name has all these words. */
export function flowsWith(...words: string[]): string[] {
  return vectorWith(IPV4)
    .flows.map(({ name }) => name)
    .filter((name) => words.every((word) => name.split(' ').includes(word)));
}
