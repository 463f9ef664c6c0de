/** What the real kubectl makes of the server. */
import { once } from 'node:events';
import test from 'ava';
import { valueAt } from '../../src/apiserver/objects.ts';
import { type Kubectl, startKubectl } from './kubectl.ts';

const WEB = `apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {tier: front}
spec:
  type: NodePort
  clusterIP: 10.96.0.80
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: 8080, nodePort: 30080}
`;

const ref = { name: 'web', namespace: 'default' };

function spec({ server }: Kubectl, ...path: string[]): unknown {
  return valueAt(server.store.get('services', ref), 'spec', ...path);
}

test('apply: create, change, nothing to do', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('web.yaml', WEB);
  t.is(await kubectl.run('apply', '-f', file), 'service/web created\n');
  t.is(await kubectl.run('apply', '-f', file), 'service/web unchanged\n');
  kubectl.file('web.yaml', WEB.replace('port: 80,', 'port: 81,').replace('  selector: {app: web}\n', ''));
  t.is(await kubectl.run('apply', '-f', file), 'service/web configured\n');
  t.deepEqual(spec(kubectl, 'ports'), [
    { name: 'http', protocol: 'TCP', port: 81, targetPort: 8080, nodePort: 30080 },
  ]);
  t.is(spec(kubectl, 'selector'), undefined);
  t.regex(await kubectl.run('diff', '-f', file), /^$/);
});

test('apply: wrong fields and wrong values are told', async (t) => {
  const kubectl = await startKubectl(t);
  const typo = kubectl.file('typo.yaml', WEB.replace('selector:', 'selectors:'));
  await t.throwsAsync(kubectl.run('apply', '-f', typo), {
    message: /strict decoding error: unknown field "spec.selectors"/,
  });
  const range = kubectl.file('range.yaml', WEB.replace('30080', '80'));
  await t.throwsAsync(kubectl.run('apply', '-f', range), {
    message:
      /The Service "web" is invalid: spec.ports\[0\].nodePort: Invalid value: 80: provided port is not in the valid range/,
  });
});

test('apply --server-side: create, change, conflict, force', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('web.yaml', WEB);
  const apply = (...args: string[]): Promise<string> =>
    kubectl.run('apply', '--server-side', '-f', file, ...args);
  t.is(await apply(), 'service/web serverside-applied\n');
  kubectl.file('web.yaml', WEB.replace('8080', '9090').replace('  labels: {tier: front}\n', ''));
  await apply();
  t.is(kubectl.server.store.get('services', ref).metadata.labels, undefined);
  kubectl.file('web.yaml', WEB);
  await t.throwsAsync(apply('--field-manager=other'), { message: /conflict with "kubectl"/ });
  await apply('--field-manager=other', '--force-conflicts');
  t.is(valueAt((spec(kubectl, 'ports') as unknown[])[0], 'targetPort'), 8080);
});

test('apply --server-side after apply', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('web.yaml', WEB);
  await kubectl.run('apply', '-f', file);
  t.is(await kubectl.run('apply', '--server-side', '-f', file), 'service/web serverside-applied\n');
});

test('get: tables, wide, yaml, json, jsonpath, selectors', async (t) => {
  const kubectl = await startKubectl(t);
  await kubectl.run('create', '-f', kubectl.file('web.yaml', WEB));
  const [head, , web] = (await kubectl.run('get', 'svc', '-o', 'wide')).split('\n');
  t.regex(head ?? '', /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE +SELECTOR/);
  t.regex(web ?? '', /^web +NodePort +10\.96\.0\.80 +<none> +80:30080\/TCP +\d+s +app=web/);
  t.regex(await kubectl.run('get', 'service', 'web', '-o', 'yaml'), /\n {2}clusterIP: 10\.96\.0\.80\n/);
  t.is(JSON.parse(await kubectl.run('get', 'services', '-A', '-o', 'json')).items.length, 2);
  t.is(
    await kubectl.run('get', 'svc', '-l', 'tier=front', '-o', 'jsonpath={.items[*].metadata.name}'),
    'web',
  );
  t.is(
    await kubectl.run('get', 'svc', '--field-selector', 'spec.clusterIP=10.96.0.80', '-o', 'name'),
    'service/web\n',
  );
  t.regex(
    await kubectl.run('get', 'all,endpointslices,servicecidrs,ns', '-A'),
    /kubernetes +10\.96\.0\.0\/16,fd00:10:96::\/112/,
  );
  t.is(
    JSON.parse(await kubectl.run('get', '--raw', '/api/v1/namespaces/default/services/web')).kind,
    'Service',
  );
  await t.throwsAsync(kubectl.run('get', 'svc', 'none'), {
    message: /Error from server \(NotFound\): services "none" not found/,
  });
});

test('get --watch', async (t) => {
  const kubectl = await startKubectl(t);
  const { stdout } = kubectl.start('get', 'services', '--watch');
  if (stdout === null) throw new Error('no output');
  let text = '';
  stdout.on('data', (bytes) => {
    text += bytes;
  });
  await once(stdout, 'data');
  await kubectl.run('create', '-f', kubectl.file('web.yaml', WEB));
  for (let i = 0; i < 100 && !text.includes('web'); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  t.regex(text, /\nweb +NodePort +10\.96\.0\.80/);
});

const NODE = `apiVersion: v1
kind: Node
metadata: {name: node-1, labels: {topology.kubernetes.io/zone: zone-a}}
spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, labels: {app: web}}
spec: {nodeName: node-1, containers: [{name: c, image: nginx}]}
`;

test('describe: service with endpoints, node, slice; status by patch', async (t) => {
  const kubectl = await startKubectl(t);
  await kubectl.run('apply', '-f', kubectl.file('web.yaml', WEB), '-f', kubectl.file('node.yaml', NODE));
  const status = {
    phase: 'Running',
    podIPs: [{ ip: '10.244.1.7' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  await kubectl.run(
    'patch',
    'pod',
    'web-1',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  );
  t.regex(
    await kubectl.run('get', 'pods', '-o', 'wide'),
    /web-1 +1\/1 +Running +0 +\d+s +10\.244\.1\.7 +node-1/,
  );
  t.regex(await kubectl.run('describe', 'service', 'web'), /Endpoints: +10\.244\.1\.7:8080\n/);
  t.regex(await kubectl.run('describe', 'node', 'node-1'), /PodCIDR: +10\.244\.1\.0\/24\n[\s\S]*web-1/);
  const slices = await kubectl.run('describe', 'endpointslices');
  t.regex(slices, /Ready: +true/);
  t.regex(slices, /Zone: +zone-a/);
});

test('edit, patch of three types, replace, label, delete', async (t) => {
  const kubectl = await startKubectl(t);
  await kubectl.run('create', '-f', kubectl.file('web.yaml', WEB));
  await kubectl.runWithEditor('sed -i "s/targetPort: 8080/targetPort: 8081/" "$1"', 'edit', 'service', 'web');
  const port = (): unknown => (spec(kubectl, 'ports') as unknown[])[0];
  t.is(valueAt(port(), 'targetPort'), 8081);
  await kubectl.run('patch', 'svc', 'web', '-p', '{"spec":{"ports":[{"port":80,"targetPort":1}]}}');
  t.deepEqual(port(), { name: 'http', protocol: 'TCP', port: 80, targetPort: 1, nodePort: 30080 });
  await kubectl.run(
    'patch',
    'svc',
    'web',
    '--type=merge',
    '-p',
    '{"spec":{"internalTrafficPolicy":"Local"}}',
  );
  t.is(spec(kubectl, 'internalTrafficPolicy'), 'Local');
  await kubectl.run('patch', 'svc', 'web', '--type=json', '-p', '[{"op":"remove","path":"/spec/selector"}]');
  t.is(spec(kubectl, 'selector'), undefined);
  await kubectl.run('label', 'svc', 'web', 'a=b');
  await kubectl.run('annotate', 'svc', 'web', 'c=d');
  t.deepEqual(kubectl.server.store.get('services', ref).metadata.labels, { tier: 'front', a: 'b' });
  t.is(await kubectl.run('replace', '-f', kubectl.file('web.yaml', WEB)), 'service/web replaced\n');
  t.is(await kubectl.run('delete', 'service', 'web'), 'service "web" deleted\n');
  t.is(kubectl.server.store.find('services', ref), undefined);
});

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}
`;

test('create of other kinds, delete of pods and namespaces, events', async (t) => {
  const kubectl = await startKubectl(t);
  await kubectl.run('create', 'namespace', 'shop');
  await kubectl.run('create', 'configmap', 'settings', '--from-literal=a=b', '-n', 'shop');
  await kubectl.run('apply', '-n', 'shop', '-f', kubectl.file('deployment.yaml', DEPLOYMENT));
  await kubectl.run('create', 'service', 'externalname', 'ext', '--external-name=example.com', '-n', 'shop');
  t.regex(
    await kubectl.run('get', 'deploy,cm,svc', '-n', 'shop'),
    /deployment.apps\/web +0\/1 [\s\S]*settings +1 [\s\S]*example\.com/,
  );
  await kubectl.run('apply', '-f', kubectl.file('node.yaml', NODE));
  await kubectl.run('delete', 'pod', 'web-1', '--now');
  t.is(kubectl.server.store.find('pods', { name: 'web-1', namespace: 'default' }), undefined);
  const event = {
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Node', name: 'node-1' },
    reason: 'Why',
    message: 'because',
    type: 'Warning',
  };
  kubectl.server.store.create('events', event);
  t.regex(await kubectl.run('get', 'events'), /Warning +Why +node\/node-1 +because/);
  await kubectl.run('delete', 'namespace', 'shop');
  t.is(kubectl.server.store.list('deployments').length, 0);
});

test('api-resources, api-versions, version, explain, dry run', async (t) => {
  const kubectl = await startKubectl(t);
  t.regex(await kubectl.run('api-resources'), /endpointslices +discovery\.k8s\.io\/v1 +true +EndpointSlice/);
  t.regex(await kubectl.run('api-versions'), /networking\.k8s\.io\/v1/);
  t.regex(await kubectl.run('version'), /Server Version: v1\.36\.2/);
  t.regex(
    await kubectl.run('explain', 'service.spec.ports'),
    /FIELD: ports <\[\]ServicePort>[\s\S]*nodePort\s+<integer>/,
  );
  t.is(
    await kubectl.run('apply', '--dry-run=server', '-f', kubectl.file('web.yaml', WEB)),
    'service/web created (server dry run)\n',
  );
});
