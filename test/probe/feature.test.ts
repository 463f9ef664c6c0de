import test from 'ava';
import { tables } from '../../src/cli/probe.ts';
import { type Feature, tryAll } from '../../src/probe/feature.ts';

const THERE: Feature = { name: 'maps', isNeeded: true, without: 'nothing works', attempt() {} };
const OPTIONAL: Feature = {
  name: 'links',
  isNeeded: false,
  without: 'it is slower',
  attempt: () => Promise.reject(new Error('ENOSYS: function not implemented')),
};
const NEEDED: Feature = {
  ...OPTIONAL,
  name: 'programs',
  isNeeded: true,
  attempt() {
    throw new Error('EPERM: operation not permitted');
  },
};

test('a backend runs without what it does not need', async (t) => {
  const report = await tryAll('ebpf', [THERE, OPTIONAL]);
  t.deepEqual(report, {
    backend: 'ebpf',
    can_run: true,
    findings: [
      { feature: 'maps', is_needed: true, without: 'nothing works' },
      {
        feature: 'links',
        is_needed: false,
        without: 'it is slower',
        missing: 'ENOSYS: function not implemented',
      },
    ],
  });
});

test('it does not run without what it needs, and the rest is tried all the same', async (t) => {
  const { can_run, findings } = await tryAll('ebpf', [NEEDED, THERE]);
  t.false(can_run);
  t.deepEqual(
    findings.map(({ missing }) => missing),
    ['EPERM: operation not permitted', undefined],
  );
});

test('the table tells what is missing, what that costs, and why', async (t) => {
  const text = tables([await tryAll('ebpf', [THERE, OPTIONAL, NEEDED])]);
  t.regex(text, /^ebpf: does not work on Linux \S+\n {2}yes {6}maps\n/);
  t.regex(text, /\n {2}missing {2}links: it is slower\n {11}ENOSYS: function not implemented\n/);
  t.regex(text, /\n {2}MISSING {2}programs: it is slower\n {11}EPERM: operation not permitted\n$/);
});
