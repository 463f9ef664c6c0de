/** Section 9: load-balancer source ranges. */
import test from 'ava';
import { decides, each } from './flows.ts';
import { on, UNREADY } from './story.ts';

const NEAR = { loadBalancerSourceRanges: ['203.0.113.0/25'] };

test(
  'LB-01 who is in a range gets in, others do not',
  decides,
  { spec: NEAR },
  { 'client > vip': 'A* B*', 'far-client > vip': 'drop' },
);
test(
  'LB-01 for every VIP, but no other port of it',
  decides,
  { spec: NEAR, ingress: [{ ip: '198.51.100.10' }, { ip: '198.51.100.11' }] },
  {
    'far-client > vip': 'drop',
    'far-client > 198.51.100.11:80': 'drop',
    'far-client > 198.51.100.11:81': 'none',
  },
);
test(
  'LB-02 a range of everything',
  decides,
  { spec: { loadBalancerSourceRanges: ['203.0.113.0/25', '0.0.0.0/0'] } },
  { 'far-client > vip': 'A* B*' },
);
test(
  'LB-03 ranges of the other family',
  decides,
  { spec: { loadBalancerSourceRanges: ['2001:db8::/32'] } },
  { 'far-client > vip': 'A* B*' },
);
test(
  'LB-03 what is no range',
  decides,
  { spec: { loadBalancerSourceRanges: ['office'] } },
  { 'far-client > vip': 'A* B*' },
);
test(
  'LB-03 beside one that is',
  decides,
  { spec: { loadBalancerSourceRanges: ['office', '2001:db8::/32', '203.0.113.0/25'] } },
  { 'client > vip': 'A* B*', 'far-client > vip': 'drop' },
);
test(
  'LB-04 white space',
  decides,
  { spec: { loadBalancerSourceRanges: [' 203.0.113.0/25\t'] } },
  { 'client > vip': 'A* B*', 'far-client > vip': 'drop' },
);

const BOUND = { ips: ['192.0.2.11', '192.0.2.211', '198.51.100.10'] };

test(
  'LB-05 a VIP as source, if the node may',
  decides,
  { spec: { loadBalancerSourceRanges: ['192.0.2.11/32'] }, node: BOUND },
  { 'node-as-vip > vip': 'A* B*', 'client > vip': 'drop' },
);
test(
  'LB-05 not if only another address of the node may',
  decides,
  { spec: { loadBalancerSourceRanges: ['192.0.2.211/32'] }, node: BOUND },
  { 'node-as-vip > vip': 'drop' },
);
test(
  'LB-05 the bind address is the primary one',
  decides,
  {
    spec: { loadBalancerSourceRanges: ['192.0.2.211/32'] },
    node: BOUND,
    config: { bindAddress: '192.0.2.211' },
  },
  { 'node-as-vip > vip': 'A* B*' },
);
test(
  'LB-06 pods and node are no exception',
  decides,
  { spec: { ...NEAR, externalTrafficPolicy: 'Local' } },
  { 'pod > vip': 'drop', 'node > vip': 'drop', 'client > vip': 'A' },
);
test(
  'LB-06 and take the short way if they are in',
  decides,
  { spec: { loadBalancerSourceRanges: ['10.64.0.0/16'], externalTrafficPolicy: 'Local' } },
  { 'pod > vip': 'A B' },
);
test('LB-07 dropped, not refused', decides, { spec: NEAR }, { 'far-client > vip': 'drop' });
test(
  'LB-08 other frontends are open',
  decides,
  { spec: NEAR },
  each('far-client', ['nodePort', 'externalIP'], 'A* B*'),
);
test(
  'LB-09 NEP-09 without endpoints: some refused, others dropped',
  decides,
  { spec: NEAR, endpoints: [on('A', UNREADY)] },
  { 'client > vip': 'reject', 'far-client > vip': 'drop' },
);
test(
  'LB-09 without local endpoints',
  decides,
  { spec: { ...NEAR, externalTrafficPolicy: 'Local' }, endpoints: [on('B')] },
  { 'client > vip': 'drop', 'far-client > vip': 'drop' },
);
test(
  'LB-10 overlapping and repeated ranges',
  decides,
  {
    spec: {
      loadBalancerSourceRanges: ['203.0.113.0/25', '203.0.113.32/27', '203.0.113.0/25', '203.0.113.64/26'],
    },
  },
  { 'client > vip': 'A* B*', 'far-client > vip': 'drop' },
);
test(
  'LB-11 the annotation',
  decides,
  {
    metadata: { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '203.0.113.0/25' } },
  },
  { 'far-client > vip': 'A* B*' },
);
