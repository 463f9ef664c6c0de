import test from 'ava';
import { decoded, errorsOf } from './helpers.ts';

const serviceCIDR = (cidrs: unknown) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'kubernetes' },
  spec: { cidrs },
});

test('ranges become canonical', (t) => {
  t.deepEqual(decoded(t, serviceCIDR(['10.96.3.7/12', 'FD00:10:96::/112'])), {
    kind: 'ServiceCIDR',
    name: 'kubernetes',
    cidrs: ['10.96.0.0/12', 'fd00:10:96::/112'],
  });
});

test('none at all', (t) => {
  t.like(decoded(t, { ...serviceCIDR([]), spec: undefined }), { cidrs: [] });
});

test('what is no range', (t) => {
  t.deepEqual(errorsOf(serviceCIDR(['10.96.0.0'])), [
    'spec.cidrs[0]: "10.96.0.0" is not a CIDR such as 10.96.0.0/12',
  ]);
});
