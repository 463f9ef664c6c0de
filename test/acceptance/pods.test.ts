/** Pods behind a selector: the server's controller makes the slices, and the node follows. */
import test from 'ava';
import type { JsonObject } from '../../src/apiserver/objects.ts';
import { FAMILIES } from '../../src/net/address.ts';
import { type Cluster, kernelAgrees, startCluster } from './cluster.ts';
import { endpointAddress, nameOf, service, serviceWith } from './objects.ts';
import { answersBy, startStream } from './traffic.ts';

const STEADY = 1;
const SELECTED = 2;
const LABELS = { app: 'web' };

/** Pods of a Node that the server does not know are no endpoints. */
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } };

/** A pod that stands for an endpoint; it has no address and is not ready until its status says so. */
function pod(endpoint: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${endpoint}`, labels: LABELS },
    spec: { nodeName: 'node', containers: [{ name: 'web', image: 'web' }] },
  };
}

function setReady({ kubectl }: Cluster, endpoint: number, isReady: boolean): Promise<void> {
  const status = {
    phase: 'Running',
    podIPs: FAMILIES.map((family) => ({ ip: endpointAddress(family, endpoint) })),
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
  };
  return kubectl.patch(`pod/pod-${endpoint}`, { status }, '--subresource=status');
}

test('pods become ready, unready, terminate and go, and endpoints follow', async (t) => {
  const cluster = await startCluster(t);
  const { network, kubectl } = cluster;
  await kubectl.apply(NODE, ...serviceWith(STEADY, [8, 9]), service(SELECTED, { selector: LABELS }));
  await answersBy(network, STEADY, [8, 9]);
  await answersBy(network, SELECTED, []);
  const stream = await startStream(network, STEADY);

  await kubectl.apply(pod(1), pod(2), pod(3));
  await setReady(cluster, 1, true);
  await answersBy(network, SELECTED, [1]);
  await setReady(cluster, 2, true);
  await setReady(cluster, 3, false);
  await answersBy(network, SELECTED, [1, 2]);
  await setReady(cluster, 3, true);
  await answersBy(network, SELECTED, [1, 2, 3]);
  await setReady(cluster, 1, false);
  await answersBy(network, SELECTED, [2, 3]);
  await kubectl.run('delete', 'pod/pod-2', '--wait=false');
  await answersBy(network, SELECTED, [3]);
  t.regex(await kubectl.run('get', 'pod/pod-2'), /Terminating/);
  await setReady(cluster, 1, true);
  await answersBy(network, SELECTED, [1, 3]);
  await kubectl.run('delete', 'pod/pod-1', 'pod/pod-3', '--grace-period=0', '--force');
  await kubectl.apply(pod(4));
  await setReady(cluster, 4, true);
  await answersBy(network, SELECTED, [4]);

  t.deepEqual(await stream.failures(), {});
  await kernelAgrees(t, cluster);
});

test('a selector that changes picks other pods', async (t) => {
  const cluster = await startCluster(t);
  const { network, kubectl } = cluster;
  await kubectl.apply(NODE, service(SELECTED, { selector: LABELS }), pod(1), pod(2));
  await Promise.all([setReady(cluster, 1, true), setReady(cluster, 2, true)]);
  await answersBy(network, SELECTED, [1, 2]);
  await kubectl.run('label', 'pod/pod-2', 'release=new');
  await kubectl.patch(`service/${nameOf(SELECTED)}`, { spec: { selector: { release: 'new' } } });
  await answersBy(network, SELECTED, [2]);
  await kubectl.run('label', 'pod/pod-2', 'release-');
  await answersBy(network, SELECTED, []);
  await kernelAgrees(t, cluster);
});
