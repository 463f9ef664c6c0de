import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { parseConformanceOptions } from '../../src/cli/conformance.ts';
import { UsageError } from '../../src/cli/run-options.ts';
import { POD_FLOW, VECTOR } from './vector.ts';

/** The command as users run it, with nodeplane's own proxy. */

const BIN = path.resolve(import.meta.dirname, '../../bin/nodeplane.js');

const folder = mkdtempSync(path.join(tmpdir(), 'nodeplane-vectors-'));

test.after.always(() => rmSync(folder, { recursive: true }));

const ENDPOINTS = ['10.1.1.5:8080', '10.1.2.5:8080'];
const STEP = { ...POD_FLOW, expect: { anyOf: ENDPOINTS } };

/** Bound to an endpoint for a second. */
const STICKY = VECTOR.services.map((service) => ({
  ...service,
  spec: {
    ...service.spec,
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } },
  },
}));

const GOOD = {
  ...VECTOR,
  id: 'good-1',
  flows: [
    POD_FLOW,
    { ...POD_FLOW, name: 'other port', destPort: 81, backends: ['nftables'], expect: { action: 'reject' } },
    { ...POD_FLOW, name: 'other port', destPort: 81, backends: ['iptables'], expect: { action: 'none' } },
  ],
};

const WAITING = {
  ...VECTOR,
  id: 'good-2',
  services: STICKY,
  flows: [POD_FLOW],
  sequences: [
    { name: 'stays', steps: [STEP, { ...STEP, expect: { sameEndpointAsStep: 0 } }] },
    { name: 'goes', steps: [STEP, { ...STEP, afterSeconds: 1.2 }] },
  ],
};

/** What it expects is not what a service proxy does. */
const BAD = {
  ...VECTOR,
  id: 'bad',
  rules: ['NEP-01', 'MASQ-02'],
  flows: [
    { ...POD_FLOW, name: 'refused', expect: { action: 'reject' } },
    { ...POD_FLOW, name: 'a stranger', origin: 'node', expect: { action: 'none' } },
  ],
  sequences: [{ name: 'apart', steps: [STEP, { ...STEP, expect: { anyOf: ['10.1.1.5:1'] } }] }],
};

/** Its node has one range twice, which the kernel refuses. */
const IMPOSSIBLE = {
  ...GOOD,
  id: 'impossible',
  node: { ...VECTOR.node, podCIDRs: ['10.1.1.0/24', '10.1.1.0/24'] },
};

const GOOD_FILE = JSON.stringify({ schema: 1, vectors: [GOOD, WAITING] });
const BAD_FILE = JSON.stringify({
  schema: 1,
  vectors: [BAD, IMPOSSIBLE, { ...GOOD, id: 'wrong', flows: [{}] }],
});

const good = path.join(folder, 'good');
const mixed = path.join(folder, 'mixed');
for (const directory of [good, mixed]) {
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'a.json'), GOOD_FILE);
}
writeFileSync(path.join(mixed, 'b.json'), BAD_FILE);

function conformance(vectors: string, ...args: string[]) {
  const result = spawnSync(process.execPath, [BIN, 'conformance', '--vectors', vectors, ...args], {
    encoding: 'utf8',
  });
  return { status: result.status, lines: result.stdout.trimEnd().split('\n'), stderr: result.stderr };
}

test('what passes: a count, and exit code 0', (t) => {
  t.deepEqual(conformance(good), { status: 0, lines: ['5 passed, 0 failed, 0 skipped'], stderr: '' });
});

test('what is left out is skipped; a file that cannot be read has failed all the same', (t) => {
  const { status, lines } = conformance(mixed, '--only', '^good');
  t.deepEqual(lines.slice(1), ['5 passed, 1 failed, 5 skipped']);
  t.is(status, 1);
});

test('what fails: a line each, and exit code 1', (t) => {
  const { status, lines } = conformance(mixed);
  t.is(lines.length, 6);
  t.regex(lines[0] ?? '', /^FAIL b\.json: vector wrong: flows\[0\]\.\w+: is missing \(and \d+ more\)$/);
  t.is(
    lines[1],
    `FAIL bad flow "refused" (NEP-01 MASQ-02): expected rejected (ICMP port unreachable); seen ${seenIn(lines[1])}`,
  );
  // Which of the two is picked how often is left to chance.
  t.regex(seenIn(lines[1]), /^(\dx )?10\.1\.[12]\.5:8080 not masqueraded/);
  t.regex(lines[2] ?? '', /^FAIL bad flow "a stranger" .*cannot send from an address of the node/);
  t.regex(
    lines[3] ?? '',
    /^FAIL bad sequence "apart" .*: expected step 1 \(pod\): 10\.1\.1\.5:1; seen 10\.1/,
  );
  t.regex(lines[4] ?? '', /^FAIL impossible vector .*cannot add route 10\.1\.1\.0\/24/);
  t.is(lines[5], '5 passed, 6 failed, 0 skipped');
  t.is(status, 1);
});

function seenIn(line = ''): string {
  return line.replace(/.*; seen /, '');
}

test('--json: everything for programs', (t) => {
  const { status, lines } = conformance(mixed, '--json', '--only', 'good-1');
  const report: unknown = JSON.parse(lines[0] ?? '');
  t.like(report, {
    backend: 'nftables',
    passed: 2,
    failed: 1,
    cases: [{ vector: 'good-1', title: 'two endpoints', rules: ['VIP-01'], passed: 2, failed: 0 }],
    failures: [{ kind: 'file' }],
  });
  t.is(status, 1);
});

test('a folder that is not there', (t) => {
  const { status, stderr } = conformance(path.join(folder, 'none'));
  t.is(status, 1);
  t.regex(stderr, /^nodeplane: .*none.*\n$/);
});

test('the flags', (t) => {
  t.deepEqual(parseConformanceOptions(['--vectors', 'v']), {
    backend: 'nftables',
    vectors: 'v',
    jobs: availableParallelism(),
    json: false,
  });
  const args = '--vectors v --backend nftables --only ^NP --jobs 3 --json'.split(' ');
  t.deepEqual(parseConformanceOptions(args), {
    backend: 'nftables',
    vectors: 'v',
    only: /^NP/,
    jobs: 3,
    json: true,
  });
});

const refused = test.macro((t, line: string, message: RegExp) => {
  t.throws(() => parseConformanceOptions(line.split(' ')), { instanceOf: UsageError, message });
});

test('no folder', refused, '--json', /^--vectors: /);
test('a backend that does not exist', refused, '--vectors v --backend ipvs', /^--backend: "ipvs" is none of/);
test('a broken pattern', refused, '--vectors v --only (', /^--only: "\("/);
test('no jobs', refused, '--vectors v --jobs 0', /^--jobs: "0"/);
