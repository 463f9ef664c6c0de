/** How large the programs are, and how much work they are for the verifier. */
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cgroupRoot } from '../../../src/host/mounts.ts';
import { addNamespaces, removeNamespaces } from '../../../src/lab/namespaces.ts';
import { EBPF_ROW, type EbpfProgram, type EbpfTable, loadAddon } from '../../../src/native/addon.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { exec } from '../../helpers/netns.ts';
import { rows } from './node.ts';

type Golden = Record<Family, Record<string, Pick<EbpfProgram, 'instructions' | 'verified'>>>;

/** Compilers and kernels differ a little; more than this is a change of ours. */
const TOLERANCE = 1.25;

for (const family of FAMILIES) {
  test(`${family}: the programs are as large as program-sizes.json says`, async (t) => {
    const text = await readFile(new URL('program-sizes.json', import.meta.url), 'utf8');
    const golden = (JSON.parse(text) as Golden)[family];
    const cgroup = await privateCgroup(t, family);
    const table = await openTable(t, family, 'sizes', { cgroup });
    const programs = table.programs();
    t.deepEqual(programs.map(({ name }) => name).toSorted(), Object.keys(golden).toSorted());
    for (const { name, instructions, verified } of programs) {
      const known = golden[name];
      t.log({ name, instructions, verified });
      t.true(isNear(instructions, known?.instructions), `${name}: ${instructions} instructions`);
      // A kernel before 5.16 does not tell.
      t.true(verified === 0 || isNear(verified, known?.verified), `${name}: ${verified} verified`);
    }
  });

  test(`${family}: a device without Ethernet headers gets programs of its own`, async (t) => {
    const table = await openTable(t, family, 'bare', { tunnel: 'bare0' });
    const names = table.programs().map(({ name }) => name);
    t.deepEqual(names.toSorted(), ['arriving', 'arriving_bare', 'leaving', 'leaving_bare']);
  });
}

async function openTable(
  t: ExecutionContext,
  family: Family,
  purpose: string,
  { cgroup, tunnel }: { readonly cgroup?: string; readonly tunnel?: string },
): Promise<EbpfTable> {
  const namespace = `np-test-${process.pid}-${purpose}-${family.toLowerCase()}`;
  await addNamespaces([namespace]);
  t.teardown(() => removeNamespaces([namespace]));
  if (tunnel !== undefined) await exec(namespace, 'ip', 'tuntap', 'add', 'mode', 'tun', 'name', tunnel);
  const { EbpfTable } = loadAddon();
  const options = { family, namespace, connections: 2 ** 10 };
  const table = new EbpfTable(cgroup === undefined ? options : { ...options, cgroup });
  t.teardown(() => table.close());
  await table.prepare(rows([EBPF_ROW.FLAGS, 0]));
  return table;
}

async function privateCgroup(t: ExecutionContext, family: Family): Promise<string> {
  const root = cgroupRoot();
  if (root === undefined) throw new Error('there are no cgroups of version 2');
  const folder = path.join(root, `np-test-${process.pid}-${family.toLowerCase()}`);
  await mkdir(folder);
  t.teardown(() => rmdir(folder));
  return folder;
}

/** Instructions that the verifier looks at depend on how it remembers states: what is small, varies more. */
function isNear(actual: number, expected: number | undefined): boolean {
  return expected !== undefined && actual <= expected * TOLERANCE && actual >= expected / TOLERANCE;
}
