import { statfsSync } from 'node:fs';
import test from 'ava';
import { cgroupRoot, hasBpfRoot, mounts, parseMountInfo } from '../../src/host/mounts.ts';

/** Source: linux/magic.h */
const CGROUP2_SUPER_MAGIC = 0x6367_7270;

const BESIDE_VERSION_1 = `30 25 0:26 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
33 30 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
40 30 0:37 / /sys/fs/cgroup/unified rw,relatime shared:4 master:1 - cgroup2 cgroup2 rw
41 25 0:38 / /sys/fs/bpf rw - bpf bpf rw,mode=700
`;

test('cgroups of version 2 are found beside those of version 1', (t) => {
  t.is(cgroupRoot(parseMountInfo(BESIDE_VERSION_1)), '/sys/fs/cgroup/unified');
});

test('the BPF file system is found', (t) => {
  t.true(hasBpfRoot(parseMountInfo(BESIDE_VERSION_1)));
});

test('all of the hierarchy is preferred to a part of it', (t) => {
  const text = `1 0 0:1 /pod /part rw - cgroup2 none rw\n2 0 0:1 / /all\\040of\\040it rw - cgroup2 none rw\n`;
  t.is(cgroupRoot(parseMountInfo(text)), '/all of it');
});

test('what is not mounted is not found', (t) => {
  t.is(cgroupRoot([]), undefined);
  t.false(hasBpfRoot([{ type: 'bpf', root: '/part', folder: '/sys/fs/bpf' }]));
  t.false(hasBpfRoot([{ type: 'bpf', root: '/', folder: '/tmp/other' }]));
});

test('this kernel has what is found', (t) => {
  const folder = cgroupRoot(mounts());
  t.is(folder && statfsSync(folder).type, CGROUP2_SUPER_MAGIC);
});
