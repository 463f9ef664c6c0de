import test from 'ava';
import { checksOf } from '../../src/conformance/run/check.ts';
import { POD_FLOW, vectorOf } from './vector.ts';

const VECTOR = vectorOf({
  flows: [
    { ...POD_FLOW, name: 'everywhere' },
    { ...POD_FLOW, name: 'nft', destPort: 81, backends: ['nftables'], expect: { action: 'reject' } },
    { ...POD_FLOW, name: 'ipt', destPort: 81, backends: ['iptables'], expect: { action: 'none' } },
  ],
  conntrack: [
    {
      name: 'entry',
      protocol: 'UDP',
      origSrc: '10.1.1.9',
      origDst: '10.96.0.1',
      origDstPort: 80,
      replySrc: '10.1.1.5',
      replySrcPort: 8080,
      expect: 'keep',
    },
  ],
  sequences: [{ name: 'sequence', steps: [] }],
  healthChecks: [{ service: 'shop/web', family: 'IPv4', port: 30000, expect: { listening: false } }],
});

function namesFor(backend: string): string[] {
  return checksOf(VECTOR, backend).map(({ name }) => name);
}

test('conntrack is looked at first: the proxy cleans when it starts', (t) => {
  t.deepEqual(namesFor('nftables'), ['entry', 'everywhere', 'nft', 'shop/web', 'sequence']);
});

test('flows of another backend are none of ours', (t) => {
  t.deepEqual(namesFor('ebpf'), namesFor('nftables'));
  t.deepEqual(namesFor('iptables'), ['entry', 'everywhere', 'ipt', 'shop/web', 'sequence']);
});

test('the iptables backend may do what either of upstream does', (t) => {
  const alternatives = (backend: string, name: string) => {
    const check = checksOf(VECTOR, backend).find((it) => it.name === name);
    return check?.kind === 'flow' ? check.alternatives.map(({ action }) => action) : [];
  };
  t.deepEqual(alternatives('iptables', 'ipt'), ['none', 'reject']);
  t.deepEqual(alternatives('iptables', 'everywhere'), ['dnat']);
  t.deepEqual(alternatives('nftables', 'nft'), ['reject']);
});
