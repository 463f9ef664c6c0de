/** Sections 3 and 4: which endpoints are used, and topology. */
import test from 'ava';
import { becomes, decides } from './flows.ts';
import { DRAINING, GONE, hinted, on, UNREADY } from './story.ts';

const READY = undefined;
const LOCAL_POLICY = { externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' };

test(
  'SEL-01 the ready ones, wherever they are',
  decides,
  { endpoints: [on('A'), on('B', UNREADY), on('C')] },
  { 'pod > clusterIP': 'A C' },
);
test(
  'SEL-02 the serving among the terminating if none is ready',
  decides,
  { endpoints: [on('A', DRAINING), on('B', GONE), on('C', DRAINING), on('D', UNREADY)] },
  { 'pod > clusterIP': 'A C', 'client > vip': 'A* C*' },
);
test(
  'SEL-02 not while one is ready',
  decides,
  { endpoints: [on('A', DRAINING), on('B')] },
  { 'pod > clusterIP': 'B' },
);
test(
  'SEL-03 local ready ones',
  decides,
  { spec: LOCAL_POLICY, endpoints: [on('A'), on('B'), on('D', DRAINING)] },
  { 'pod > clusterIP': 'A', 'client > vip': 'A' },
);
test(
  'SEL-03 local draining ones',
  decides,
  { spec: LOCAL_POLICY, endpoints: [on('A', DRAINING), on('D', GONE)] },
  { 'pod > clusterIP': 'A', 'client > vip': 'A' },
);
test(
  'SEL-04 local draining ones although others are ready elsewhere',
  decides,
  { spec: LOCAL_POLICY, endpoints: [on('A', DRAINING), on('B')] },
  { 'client > vip': 'A', 'pod > vip': 'B' },
);
test(
  'SEL-05 neither ready nor draining',
  decides,
  { endpoints: [on('A', UNREADY), on('B', GONE)] },
  { 'pod > clusterIP': 'reject' },
);
test(
  'SEL-06 ready counts, whatever else is said',
  decides,
  { endpoints: [on('A', { ready: true, serving: false, terminating: true }), on('B', DRAINING)] },
  { 'pod > clusterIP': 'A' },
);
test(
  'SEL-07 no topology among draining ones',
  decides,
  { endpoints: [on('A', DRAINING, hinted(['zone-1'])), on('B', DRAINING, hinted(['zone-2']))] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'SEL-08 the Local list for one policy, the Cluster list for the other',
  decides,
  { spec: { internalTrafficPolicy: 'Local' } },
  { 'pod > clusterIP': 'A', 'client > vip': 'A* B*' },
);
test(
  'SEL-08 only the Local list',
  decides,
  {
    spec: {
      type: 'ClusterIP',
      internalTrafficPolicy: 'Local',
      externalIPs: [],
      ports: [{ name: 'http', port: 80 }],
    },
    ingress: [],
  },
  { 'pod > clusterIP': 'A' },
);
test(
  'SEL-09 none here but some elsewhere is not none',
  decides,
  { spec: LOCAL_POLICY, endpoints: [on('B', DRAINING)] },
  { 'pod > clusterIP': 'drop', 'client > vip': 'drop' },
);
test(
  'SEL-09 none that can be used is none',
  decides,
  { spec: LOCAL_POLICY, endpoints: [on('A', UNREADY), on('B', GONE)] },
  { 'pod > clusterIP': 'reject', 'client > vip': 'reject' },
);

test(
  'TOP-01 node hints',
  decides,
  { endpoints: [on('A', READY, hinted([], ['worker-a'])), on('B', READY, hinted([], ['worker-b']))] },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-01 node hints come before zone hints',
  decides,
  {
    endpoints: [
      on('A', READY, hinted(['zone-2'], ['worker-a'])),
      on('B', READY, hinted(['zone-1'], ['worker-b'])),
    ],
  },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-02 zone hints',
  decides,
  {
    endpoints: [
      on('A', READY, hinted(['zone-1'])),
      on('B', READY, hinted(['zone-2'])),
      on('C', READY, hinted(['zone-1'])),
    ],
  },
  { 'pod > clusterIP': 'A C' },
);
test(
  'TOP-03 hints of others do not matter',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-1'])), on('B', READY, hinted(['zone-2'])), on('C', UNREADY)] },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-03 nor does their lack of a match',
  decides,
  { endpoints: [on('A', UNREADY, hinted(['zone-1'])), on('B', READY, hinted(['zone-2']))] },
  { 'pod > clusterIP': 'B' },
);
test(
  'TOP-04 one without zone hints',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-1'])), on('B')] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-04 one with an empty list',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-1'])), on('B', READY, hinted([]))] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-04 one without node hints: zones',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-2'], ['worker-a'])), on('B', READY, hinted(['zone-1']))] },
  { 'pod > clusterIP': 'B' },
);
test(
  'TOP-05 no node matches: zones',
  decides,
  {
    endpoints: [
      on('A', READY, hinted(['zone-1'], ['worker-z'])),
      on('B', READY, hinted(['zone-2'], ['worker-b'])),
    ],
  },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-05 no zone matches: all',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-2'])), on('B', READY, hinted(['zone-3']))] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-06 a node without a zone',
  decides,
  {
    node: { labels: {} },
    endpoints: [on('A', READY, hinted(['zone-1'])), on('B', READY, hinted(['zone-2']))],
  },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-06 a node with an empty zone',
  decides,
  {
    node: { labels: { 'topology.kubernetes.io/zone': '' } },
    endpoints: [on('A', READY, hinted([''])), on('B', READY, hinted(['zone-2']))],
  },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-07 zone and node name are no hints',
  decides,
  { endpoints: [on('A', READY, { zone: 'zone-1' }), on('B', READY, { zone: 'zone-2' })] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-07 a hint may name what the endpoint is not in',
  decides,
  {
    endpoints: [
      on('A', READY, { zone: 'zone-1', ...hinted(['zone-2']) }),
      on('B', READY, { zone: 'zone-2', ...hinted(['zone-1']) }),
    ],
  },
  { 'pod > clusterIP': 'B' },
);
test(
  'TOP-08 any of several names',
  decides,
  { endpoints: [on('A', READY, hinted(['zone-3', 'zone-1'])), on('B', READY, hinted(['zone-2', 'zone-3']))] },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-09 trafficDistribution does nothing by itself',
  decides,
  { spec: { trafficDistribution: 'PreferSameNode' } },
  { 'pod > clusterIP': 'A B' },
);
test(
  'TOP-09 hints as the controller writes them for PreferSameNode',
  decides,
  {
    spec: { trafficDistribution: 'PreferSameNode' },
    endpoints: [
      on('A', READY, hinted(['zone-1'], ['worker-a'])),
      on('B', READY, hinted(['zone-2'], ['worker-b'])),
    ],
  },
  { 'pod > clusterIP': 'A' },
);
test(
  'TOP-10 no other label is the zone',
  decides,
  {
    node: { labels: { 'failure-domain.beta.kubernetes.io/zone': 'zone-1' } },
    endpoints: [on('A', READY, hinted(['zone-1'])), on('B', READY, hinted(['zone-2']))],
  },
  { 'pod > clusterIP': 'A B' },
);

const ZONED = [on('A', READY, hinted(['zone-1'])), on('B', READY, hinted(['zone-2']))];

test(
  'TOP-10 a change of the zone changes all Services',
  becomes,
  { endpoints: ZONED },
  { endpoints: ZONED, node: { labels: { 'topology.kubernetes.io/zone': 'zone-2' } } },
  { 'pod > clusterIP': 'B', 'client > vip': 'B*' },
);
test(
  'TOP-11 hints shape every use of the Cluster list',
  decides,
  { endpoints: ZONED },
  { 'pod > clusterIP': 'A', 'client > nodePort': 'A*', 'client > vip': 'A*', 'client > externalIP': 'A*' },
);
test(
  'TOP-11 and the short way, but never the Local list',
  decides,
  {
    spec: { externalTrafficPolicy: 'Local' },
    endpoints: [on('A', READY, hinted(['zone-2'])), on('B', READY, hinted(['zone-1']))],
  },
  { 'pod > vip': 'B', 'client > vip': 'A' },
);
