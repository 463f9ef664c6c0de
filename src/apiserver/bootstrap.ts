/** What a cluster has before anybody asks for anything: namespaces, the ServiceCIDR and the Service `kubernetes`. */
import { listAt } from './objects.ts';
import { IpRange } from './services/ip-range.ts';
import type { ApiStore } from './store/api-store.ts';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Makes what is not there yet. `serviceCidrs`: one, or one of each family. */
export function bootstrap(store: ApiStore, serviceCidrs: readonly string[], port: number): void {
  for (const name of NAMESPACES) {
    if (store.find('namespaces', { name }) === undefined) store.create('namespaces', { metadata: { name } });
  }
  if (store.find('servicecidrs', { name: 'kubernetes' }) === undefined) {
    store.create('servicecidrs', { metadata: { name: 'kubernetes' }, spec: { cidrs: serviceCidrs } });
  }
  if (store.find('services', { name: 'kubernetes', namespace: 'default' }) === undefined)
    createKubernetesService(store, port);
}

/** It has the first address of the range, by agreement. */
function createKubernetesService(store: ApiStore, port: number): void {
  const [cidr] = listAt(store.get('servicecidrs', { name: 'kubernetes' }), 'spec', 'cidrs');
  store.create('services', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      clusterIP: IpRange.of(String(cidr)).at(0),
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
    },
  });
}
