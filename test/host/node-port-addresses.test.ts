import test, { type ExecutionContext } from 'ava';
import { nodePortAddressesOf, primaryAddressOf } from '../../src/host/node-port-addresses.ts';
import { type Cidr, type Family, parseCidr } from '../../src/net/address.ts';

const HOST = [
  '127.0.0.1',
  '192.0.2.11',
  '192.0.2.211',
  '198.51.100.56',
  '::1',
  'fe80::1',
  '2001:db8:10::11',
  '2001:db8:10::211',
];

const cidrs = (...texts: readonly string[]): Cidr[] =>
  texts.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== undefined);

interface Case {
  readonly config: 'primary' | readonly Cidr[];
  readonly family?: Family;
  readonly primary?: string;
  readonly host?: readonly string[];
}

function accepts(t: ExecutionContext, given: Case, accepted: 'any' | readonly string[]): void {
  const { config, family = 'IPv4', primary, host = HOST } = given;
  t.deepEqual(nodePortAddressesOf(config, family, primary, host), { accepted, warning: undefined });
}

function servesNone(t: ExecutionContext, given: Case, why: string): void {
  const { config, family = 'IPv4', primary, host = HOST } = given;
  t.deepEqual(nodePortAddressesOf(config, family, primary, host), {
    accepted: [],
    warning: `No node ports are served on ${family}: ${why}`,
  });
}

test('NPA-02 primary is one address', accepts, { config: 'primary', primary: '192.0.2.11' }, ['192.0.2.11']);
test('NPA-02 primary of IPv6', accepts, { config: 'primary', family: 'IPv6', primary: '2001:db8:10::11' }, [
  '2001:db8:10::11',
]);
test(
  'NPA-02 a primary address that no interface has is not ours',
  servesNone,
  { config: 'primary', primary: '203.0.113.5' },
  "the node's primary address 203.0.113.5 is on no interface of this host",
);

test('NPA-03 addresses in a CIDR', accepts, { config: cidrs('192.0.2.0/24') }, ['192.0.2.11', '192.0.2.211']);
test(
  'NPA-03 addresses in any of several CIDRs, each once',
  accepts,
  { config: cidrs('192.0.2.211/32', '192.0.2.128/25', '198.51.100.0/24') },
  ['192.0.2.211', '198.51.100.56'],
);
test('NPA-03 IPv6 addresses in a CIDR', accepts, { config: cidrs('2001:db8:10::200/119'), family: 'IPv6' }, [
  '2001:db8:10::211',
]);
test(
  'NPA-03 CIDRs without any address of the host',
  servesNone,
  { config: cidrs('172.20.0.0/16', '10.0.0.0/8') },
  'no address of this host is in 172.20.0.0/16, 10.0.0.0/8',
);

test('NPA-04 no CIDR of the family', accepts, { config: cidrs('2001:db8:10::11/128') }, 'any');
test('NPA-04 the same of IPv6', accepts, { config: cidrs('192.0.2.11/32'), family: 'IPv6' }, 'any');
test('NPA-04 no CIDR at all', accepts, { config: [] }, 'any');

test('NPA-05 everything', accepts, { config: cidrs('0.0.0.0/0') }, 'any');
test('NPA-05 everything overrides the rest', accepts, { config: cidrs('192.0.2.11/32', '0.0.0.0/0') }, 'any');
test('NPA-05 everything, but of the other family', accepts, { config: cidrs('192.0.2.11/32', '::/0') }, [
  '192.0.2.11',
]);

test(
  'NPA-06 loopback is not served though listed',
  accepts,
  { config: cidrs('127.0.0.0/8', '192.0.2.11/32') },
  ['192.0.2.11'],
);
test(
  'NPA-06 IPv6 loopback is not served though listed',
  accepts,
  { config: cidrs('::1/128', '2001:db8:10::11/128'), family: 'IPv6' },
  ['2001:db8:10::11'],
);
test(
  'NPA-06 all of 127.0.0.0/8 is loopback',
  servesNone,
  { config: cidrs('127.0.0.0/8'), host: ['127.8.8.8'] },
  'no address of this host is in 127.0.0.0/8',
);

test(
  'NPA-07 the node address is unknown: none instead of all',
  servesNone,
  { config: 'primary' },
  'the node has no IPv4 address',
);
test(
  'NPA-07 the node address is loopback: none instead of all',
  servesNone,
  { config: 'primary', primary: '127.0.0.1' },
  "the node's primary address 127.0.0.1 is loopback",
);
test(
  'NPA-07 the same of IPv6',
  servesNone,
  { config: 'primary', family: 'IPv6', primary: '::1' },
  "the node's primary address ::1 is loopback",
);

const NODE = ['192.0.2.11', '192.0.2.12', '2001:db8:10::11'];

test('NPA-08 a bind address replaces the primary address of its family only', (t) => {
  t.is(primaryAddressOf('IPv4', NODE, '192.0.2.211'), '192.0.2.211');
  t.is(primaryAddressOf('IPv6', NODE, '192.0.2.211'), '2001:db8:10::11');
  t.is(primaryAddressOf('IPv6', NODE, '2001:db8:10::211'), '2001:db8:10::211');
});

test('NPA-08 without a bind address the first of each family is primary (NODE-03)', (t) => {
  t.is(primaryAddressOf('IPv4', NODE, undefined), '192.0.2.11');
  t.is(primaryAddressOf('IPv6', NODE, undefined), '2001:db8:10::11');
  t.is(primaryAddressOf('IPv6', ['192.0.2.11'], undefined), undefined);
});
