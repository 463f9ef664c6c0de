/** Section 10: no usable endpoints. */
import test from 'ava';
import { becomes, decides, each } from './flows.ts';
import { FRONTENDS, on } from './story.ts';

const EXTERNAL = ['nodePort', 'externalIP', 'vip'] as const;
const NONE = { endpoints: [] };

for (const source of ['pod', 'node', 'client'] as const) {
  test(
    `NEP-01 NEP-02 NEP-03 refused on every frontend, from ${source}`,
    decides,
    NONE,
    each(source, FRONTENDS, 'reject'),
  );
}
test(
  'NEP-01 whatever the policy',
  decides,
  { ...NONE, spec: { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' } },
  each('client', FRONTENDS, 'reject'),
);
test('NEP-01 when the last endpoint goes', becomes, {}, NONE, each('client', FRONTENDS, 'reject'));
test('NEP-01 no longer when one comes', becomes, NONE, {}, each('client', FRONTENDS, 'A* B*'));
test(
  'NEP-04 internal Local and none here: dropped',
  decides,
  { spec: { internalTrafficPolicy: 'Local' }, endpoints: [on('B')] },
  { 'pod > clusterIP': 'drop', ...each('client', EXTERNAL, 'B*') },
);
test(
  'NEP-05 external Local and none here: outsiders are dropped',
  decides,
  { spec: { externalTrafficPolicy: 'Local' }, endpoints: [on('B')] },
  {
    ...each('client', EXTERNAL, 'drop'),
    ...each('pod', EXTERNAL, 'B'),
    ...each('node', EXTERNAL, 'B*'),
    'client > clusterIP': 'B*',
  },
);
test(
  'NEP-07 from the node to off-node addresses',
  decides,
  NONE,
  each('node', ['externalIP', 'vip'], 'reject'),
);
test('NEP-08 only where node ports are taken', decides, NONE, {
  'client > nodePort': 'reject',
  'client > nodePort-secondary': 'none',
  'loopback > nodePort-loopback': 'none',
});
test(
  'NEP-08 dropped there only, too',
  decides,
  { spec: { externalTrafficPolicy: 'Local' }, endpoints: [on('B')] },
  { 'client > nodePort': 'drop', 'client > nodePort-secondary': 'none' },
);
