import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseFile, readVectors } from '../../src/conformance/vectors/read-vectors.ts';
import { POD_FLOW, VECTOR, vectorOf } from './vector.ts';

function file(...vectors: unknown[]): string {
  return JSON.stringify({ schema: 1, topic: 'test', vectors });
}

async function folder(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'nodeplane-vectors-'));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text);
  return directory;
}

/** The vector of the tests with one flow that is changed. */
function withFlow(change: object): object {
  return { ...VECTOR, flows: [POD_FLOW, { ...POD_FLOW, ...change }] };
}

const wrong = test.macro({
  exec(t, vector: unknown, problem: string) {
    const { vectors, problems } = parseFile(file(vector, { ...VECTOR, id: 'good' }));
    t.deepEqual(problems, [problem]);
    t.deepEqual(
      vectors.map(({ id }) => id),
      ['good'],
    );
  },
  title: (_, __, problem) => `a bad vector: ${problem}`,
});

test(wrong, 7, 'vector number 0: 7 is not an object');
test(wrong, { ...VECTOR, id: 7 }, 'vector number 0: id: 7 is not a string');
test(wrong, { ...VECTOR, node: 'here' }, 'vector test-v4: node: "here" is not an object');
test(
  wrong,
  { ...VECTOR, node: { ...VECTOR.node, ips: ['192.0.2.300'] } },
  'vector test-v4: node.ips[0]: "192.0.2.300" is not an IP address',
);
test(
  wrong,
  { ...VECTOR, serviceCIDRs: ['10.96.0.0'] },
  'vector test-v4: serviceCIDRs[0]: "10.96.0.0" is not a CIDR',
);
test(
  wrong,
  { ...VECTOR, services: [{ metadata: { namespace: 'a', name: 'b' }, spec: { ports: [{ port: 70000 }] } }] },
  'vector test-v4: services[0].spec.ports[0].port: 70000 is not a port (1 to 65535)',
);
test(wrong, { ...VECTOR, config: [] }, 'vector test-v4: config: the configuration is not a mapping');
test(
  wrong,
  { ...VECTOR, config: { clusterCIDR: 'pods', masqueradeAll: 1 } },
  'vector test-v4: config: clusterCIDR: "pods" is not a CIDR',
);
test(
  wrong,
  withFlow({ origin: 'moon' }),
  'vector test-v4: flows[1].origin: "moon" is not one of node, local-pod, remote-pod, external',
);
test(wrong, withFlow({ destPort: undefined }), 'vector test-v4: flows[1].destPort: is missing');
test(wrong, withFlow({ destPort: 0 }), 'vector test-v4: flows[1].destPort: 0 is not a port (1 to 65535)');
test(
  wrong,
  withFlow({ destIP: 'fd00::1' }),
  'vector test-v4: flows[1].destIP: "fd00::1" is not of the family of sourceIP 10.1.1.9',
);
test(
  wrong,
  withFlow({ inInterface: 'a-name-that-is-too-long' }),
  'vector test-v4: flows[1].inInterface: "a-name-that-is-too-long" is not the name of an interface',
);
test(wrong, withFlow({ expect: undefined }), 'vector test-v4: flows[1].expect: is missing');
test(
  wrong,
  withFlow({ expect: { action: 'vanish' } }),
  'vector test-v4: flows[1].expect.action: "vanish" is not one of none, dnat, reject, drop',
);
test(
  wrong,
  withFlow({ expect: { action: 'dnat', endpoints: [], masquerade: true } }),
  'vector test-v4: flows[1].expect.endpoints: is missing or empty',
);
test(
  wrong,
  withFlow({ expect: { action: 'dnat', endpoints: ['10.1.1.5'], masquerade: true } }),
  'vector test-v4: flows[1].expect.endpoints[0]: "10.1.1.5" is not an endpoint (address:port)',
);
test(
  wrong,
  withFlow({ expect: { action: 'drop', masqueradeFro: [] } }),
  'vector test-v4: flows[1].expect.masqueradeFro: is no field of a vector',
);
test(
  wrong,
  { ...VECTOR, sequences: [{ name: 's', steps: [{ ...POD_FLOW, expect: { sameEndpointAsStep: 0 } }] }] },
  'vector test-v4: sequences[0].steps[0].expect.sameEndpointAsStep: 0 is not an earlier step',
);
test(
  wrong,
  { ...VECTOR, sequences: [{ name: 's', steps: [{ ...POD_FLOW, expect: {} }] }] },
  'vector test-v4: sequences[0].steps[0].expect: expects nothing',
);
test(
  wrong,
  { ...VECTOR, healthChecks: [{ service: 'a/b', family: 'IPv4', port: 1, expect: {} }] },
  'vector test-v4: healthChecks[0].expect.status: is missing',
);

test('a file that is no JSON, or of another schema', (t) => {
  t.regex(parseFile('{').problems[0] ?? '', /JSON/);
  t.deepEqual(parseFile('[]').problems, ['is no object']);
  t.deepEqual(parseFile('{"schema": 2}').problems, ['schema: 2 is not 1']);
  t.deepEqual(parseFile('{"schema": 1}').problems, ['vectors: undefined is not a list']);
});

test('a folder: what is wrong in one file does not keep the others from being read', async (t) => {
  const directory = await folder(t, {
    'a.json': file(VECTOR),
    'b.json': '{',
    'c.json': file({ ...VECTOR, id: 'other' }, VECTOR),
    'notes.txt': 'not a vector file',
  });
  const { vectors, problems } = await readVectors(directory);
  t.deepEqual(
    vectors.map(({ id }) => id),
    ['test-v4', 'other'],
  );
  t.is(problems.length, 2);
  t.regex(problems[0] ?? '', /^b\.json: /);
  t.is(problems[1], 'c.json: vector test-v4: id: another vector has it too');
});

test('a folder without vector files is a problem', async (t) => {
  const { problems } = await readVectors(await folder(t, {}));
  t.is(problems.length, 1);
});

test('the objects are those that the API server would give', (t) => {
  const { objects } = vectorOf({ node: { ...VECTOR.node, ips: ['192.0.2.1', '192.0.2.2', 'FD00::1'] } });
  t.deepEqual(objects.map(({ kind }) => kind).toSorted(), [
    'EndpointSlice',
    'Node',
    'Service',
    'ServiceCIDR',
  ]);
  const node = objects.find((object) => object.kind === 'Node');
  t.deepEqual(node?.addresses, ['192.0.2.1', 'fd00::1']);
  t.is(node?.labels['topology.kubernetes.io/zone'], 'a');
});

test('addresses and endpoints become canonical', (t) => {
  const [flow] = vectorOf({
    flows: [
      {
        ...POD_FLOW,
        sourceIP: 'FD00:0::9',
        destIP: 'fd00:0:0::1',
        expect: { action: 'dnat', endpoints: ['[FD00::0005]:80'], masquerade: false },
      },
    ],
  }).flows;
  t.is(flow?.sourceIP, 'fd00::9');
  t.deepEqual(flow?.expect.action === 'dnat' && flow.expect.endpoints, ['[fd00::5]:80']);
});
