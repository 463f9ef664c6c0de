/** `kubectl create deployment`, which speaks protobuf and nothing else. */
import test from 'ava';
import { encodeMessage } from '../../src/apiserver/protobuf/encode.ts';
import { wrap } from '../../src/apiserver/protobuf/envelope.ts';
import { message, nested, string } from '../../src/apiserver/schema/schema.ts';
import { call, startServer } from './helpers.ts';
import { startKubectl } from './kubectl.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

test('create deployment', async (t) => {
  const kubectl = await startKubectl(t);
  t.is(
    await kubectl.run('create', 'deployment', 'web', '--image=nginx', '--replicas=2', '--port=80'),
    'deployment.apps/web created\n',
  );
  const { metadata, spec } = kubectl.server.store.get('deployments', { name: 'web', namespace: 'default' });
  t.deepEqual(metadata.labels, { app: 'web' });
  t.deepEqual(spec, {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    strategy: {},
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }],
      },
    },
  });
  t.regex(await kubectl.run('get', 'deployments'), /web +0\/2/);
});

test('create deployment: a command, several images, dry run', async (t) => {
  const kubectl = await startKubectl(t);
  const create = (...args: string[]): Promise<string> => kubectl.run('create', 'deployment', ...args);
  await create('sleeper', '--image=busybox', '--', 'sleep', '1');
  await create('pair', '--image=nginx', '--image=redis');
  await create('dry', '--image=nginx', '--dry-run=server');
  t.is(
    await kubectl.run('get', 'deploy', '-o', 'jsonpath={.items[*].spec.template.spec.containers[*].command}'),
    '["sleep","1"]',
  );
  t.is(
    await kubectl.run('get', 'deploy', '-o', 'jsonpath={.items[*].spec.template.spec.containers[*].name}'),
    'nginx redis busybox',
  );
  await t.throwsAsync(create('pair', '--image=nginx'), { message: /"pair" already exists/ });
});

/** As far as this test needs it: with a field of the pod that the server does not know. */
const POD = message('PodSpec', { runtimeClassName: string(29) });
const TEMPLATE = message('PodTemplateSpec', { spec: nested(POD, 2) });
const SPEC = message('DeploymentSpec', { template: nested(TEMPLATE, 3) });

test('a field that cannot be kept is refused, not dropped', async (t) => {
  const server = await startServer(t);
  const deployment = { spec: { template: { spec: { runtimeClassName: 'kata' } } } };
  const raw = encodeMessage(message('Deployment', { spec: nested(SPEC, 2) }), deployment);
  const { status, body } = await call(server, DEPLOYMENTS, {
    method: 'POST',
    body: new Uint8Array(wrap('apps/v1', 'Deployment', raw)),
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
  });
  t.is(status, 400);
  t.is(body['message'], 'error decoding the body: field 29 of PodSpec is not known here');
});
