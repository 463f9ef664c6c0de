import test, { type ExecutionContext } from 'ava';
import type { ProxyConfig } from '../../src/config/proxy-config.ts';
import { ConfigError, readProxyConfig } from '../../src/config/read-proxy-config.ts';

const DEFAULTS: ProxyConfig = {
  hostname: 'worker-a',
  mode: 'nftables',
  bpfCgroup: undefined,
  localTraffic: { mode: 'ClusterCIDR', cidrs: [] },
  masqueradeAll: false,
  nodePortAddresses: 'primary',
  bindAddress: undefined,
};

const V4 = { family: 'IPv4', address: '10.244.0.0', prefixLength: 16 } as const;
const V6 = { family: 'IPv6', address: 'fd00:244::', prefixLength: 48 } as const;

/** Asserts what fields amount to, beside the defaults. */
const reads = test.macro((t: ExecutionContext, fields: object, expected: Partial<ProxyConfig>) => {
  t.deepEqual(readProxyConfig(fields, 'worker-a'), { ...DEFAULTS, ...expected });
});

/** Asserts all that is wrong with fields. */
const refuses = test.macro((t: ExecutionContext, fields: unknown, ...faults: readonly string[]) => {
  const error = t.throws(() => readProxyConfig(fields, 'worker-a'), { instanceOf: ConfigError });
  t.deepEqual(error?.faults, faults);
  t.is(error?.message, faults.join('\n'));
});

test('NPA-01 without fields all is as upstream has it by default', reads, {}, {});
test(
  'null and zero values are the defaults',
  reads,
  {
    bindAddress: null,
    clusterCIDR: '',
    detectLocal: null,
    detectLocalMode: '',
    hostnameOverride: '',
    iptables: { masqueradeAll: null },
    nftables: {},
    nodePortAddresses: null,
  },
  {},
);
test(
  'fields that shape nothing are not looked at',
  reads,
  { mode: 'ipvs', conntrack: 7, metricsBindAddress: [] },
  {},
);

test(
  'mode ebpf, with its cgroup',
  reads,
  { mode: 'ebpf', ebpf: { cgroup: '/c' } },
  { mode: 'ebpf', bpfCgroup: '/c' },
);
test(
  'a mode that does not exist',
  refuses,
  { mode: 'xdp' },
  'mode: "xdp" is not a mode; nftables and ebpf are',
);

test(
  'NODE-01 the override is trimmed and in lower case',
  reads,
  { hostnameOverride: ' Node-B ' },
  {
    hostname: 'node-b',
  },
);
test('NODE-01 so is the name of the host', (t) => {
  t.is(readProxyConfig({}, ' Worker-A\n').hostname, 'worker-a');
});
test(
  'NODE-01 an override of white space is no name',
  refuses,
  { hostnameOverride: '  ' },
  'hostnameOverride: the name of the node is empty',
);

test(
  'MASQ-13 cluster CIDRs of both families',
  reads,
  { clusterCIDR: '10.244.7.7/16, FD00:244::/48' },
  {
    localTraffic: { mode: 'ClusterCIDR', cidrs: [V4, V6] },
  },
);
test(
  'MASQ-13 one cluster CIDR',
  reads,
  { detectLocalMode: 'ClusterCIDR', clusterCIDR: 'fd00:244::/48' },
  {
    localTraffic: { mode: 'ClusterCIDR', cidrs: [V6] },
  },
);
test(
  'MASQ-13 by the Node object',
  reads,
  { detectLocalMode: 'NodeCIDR', clusterCIDR: '10.244.0.0/16' },
  {
    localTraffic: { mode: 'NodeCIDR' },
  },
);
test(
  'MASQ-13 by a bridge',
  reads,
  { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } },
  { localTraffic: { mode: 'BridgeInterface', name: 'cni0' } },
);
test(
  'MASQ-13 by the beginning of an interface name',
  reads,
  { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'veth' } },
  { localTraffic: { mode: 'InterfaceNamePrefix', prefix: 'veth' } },
);

test(
  'MASQ-03 everything is masqueraded',
  reads,
  { nftables: { masqueradeAll: true } },
  {
    masqueradeAll: true,
  },
);
test(
  'MASQ-03 a file for the iptables mode means the same',
  reads,
  { iptables: { masqueradeAll: true } },
  {
    masqueradeAll: true,
  },
);

test('NPA-02 primary', reads, { nodePortAddresses: ['primary'] }, {});
test(
  'NPA-03 ranges',
  reads,
  { nodePortAddresses: ['10.244.0.0/16', 'fd00:244::/48'] },
  {
    nodePortAddresses: [V4, V6],
  },
);
test(
  'NPA-05 a range of everything is kept as a range',
  reads,
  { nodePortAddresses: ['0.0.0.0/0'] },
  {
    nodePortAddresses: [{ family: 'IPv4', address: '0.0.0.0', prefixLength: 0 }],
  },
);

test(
  'NPA-08 a bind address is made canonical',
  reads,
  { bindAddress: 'FD00::0:1' },
  {
    bindAddress: 'fd00::1',
  },
);
test('NPA-08 0.0.0.0 is none', reads, { bindAddress: '0.0.0.0' }, {});
test('NPA-08 :: is none', reads, { bindAddress: '0:0::' }, {});

for (const fields of [undefined, null, 'text', [], 7]) {
  test(`a configuration of ${JSON.stringify(fields)}`, refuses, fields, 'the configuration is not a mapping');
}
test('hostnameOverride is no text', refuses, { hostnameOverride: 7 }, 'hostnameOverride: 7 is not a string');
test('bindAddress is no text', refuses, { bindAddress: {} }, 'bindAddress: {} is not a string');
test(
  'bindAddress is no address',
  refuses,
  { bindAddress: '10.0.0.256' },
  'bindAddress: "10.0.0.256" is not an IP address',
);
test(
  'clusterCIDR is no text',
  refuses,
  { clusterCIDR: ['10.0.0.0/8'] },
  'clusterCIDR: ["10.0.0.0/8"] is not a string',
);
test(
  'clusterCIDR is no CIDR',
  refuses,
  { clusterCIDR: '10.244.0.0/16,fd00::1' },
  'clusterCIDR: "fd00::1" is not a CIDR',
);
test(
  'clusterCIDR has two of one family',
  refuses,
  { clusterCIDR: '10.244.0.0/16,10.245.0.0/16' },
  'clusterCIDR: "10.244.0.0/16,10.245.0.0/16" is neither one CIDR nor two of different families',
);
test(
  'detectLocalMode is no mode',
  refuses,
  { detectLocalMode: 'nodecidr' },
  'detectLocalMode: "nodecidr" is not one of ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix',
);
test(
  'detectLocalMode is no text',
  refuses,
  { detectLocalMode: true },
  'detectLocalMode: true is not a string',
);
test(
  'detectLocal is no mapping',
  refuses,
  { detectLocalMode: 'BridgeInterface', detectLocal: 'cni0' },
  'detectLocal: is not a mapping',
  'detectLocal.bridgeInterface: is needed in mode BridgeInterface',
);
test(
  'bridgeInterface is missing',
  refuses,
  { detectLocalMode: 'BridgeInterface' },
  'detectLocal.bridgeInterface: is needed in mode BridgeInterface',
);
test(
  'interfaceNamePrefix is missing',
  refuses,
  { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { bridgeInterface: 'cni0' } },
  'detectLocal.interfaceNamePrefix: is needed in mode InterfaceNamePrefix',
);
for (const name of ['with space', 'quote"', 'star*', 'a/b', 'back\\slash', 'sixteen-bytes-xx', 'åååååååå']) {
  test(
    `no interface is called ${name}`,
    refuses,
    { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: name } },
    `detectLocal.bridgeInterface: "${name}" is not the name of an interface`,
  );
}
test(
  'masqueradeAll is no flag',
  refuses,
  { nftables: { masqueradeAll: 'yes' } },
  'nftables.masqueradeAll: "yes" is not true or false',
);
test(
  'masqueradeAll of iptables is no flag',
  refuses,
  { iptables: { masqueradeAll: 1 } },
  'iptables.masqueradeAll: 1 is not true or false',
);
test('nftables is no mapping', refuses, { nftables: [] }, 'nftables: is not a mapping');
test(
  'nodePortAddresses is no list',
  refuses,
  { nodePortAddresses: '10.0.0.0/8' },
  'nodePortAddresses: "10.0.0.0/8" is not a list of strings',
);
test(
  'nodePortAddresses is a list of something else',
  refuses,
  { nodePortAddresses: ['10.0.0.0/8', 7] },
  'nodePortAddresses: ["10.0.0.0/8",7] is not a list of strings',
);
test(
  'nodePortAddresses has no CIDR',
  refuses,
  { nodePortAddresses: ['10.0.0.0/8', '10.0.0.1'] },
  'nodePortAddresses: "10.0.0.1" is not a CIDR',
);
test(
  'NPA-02 primary with others',
  refuses,
  { nodePortAddresses: ['primary', '10.0.0.0/8'] },
  'nodePortAddresses: "primary" stands alone',
);

test(
  'all that is wrong is told at once',
  refuses,
  { hostnameOverride: '\t', bindAddress: 'x', clusterCIDR: 'y', nodePortAddresses: ['z'] },
  'hostnameOverride: the name of the node is empty',
  'clusterCIDR: "y" is not a CIDR',
  'nodePortAddresses: "z" is not a CIDR',
  'bindAddress: "x" is not an IP address',
);
