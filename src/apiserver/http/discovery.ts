/** Discovery: which groups, versions and resources there are. */
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import { RESOURCES } from '../resources/resources.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const STATUS_VERBS = ['get', 'patch', 'update'];

/** Groups except the core, each once, with their version. */
function groups(): { group: string; version: string }[] {
  const named = RESOURCES.filter((it) => it.group !== '');
  return [...new Map(named.map(({ group, version }) => [group, { group, version }])).values()];
}

/** /api */
export function apiVersions(host: string): object {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: host }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

/** /apis */
export function apiGroupList(): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupOf) };
}

/** /apis/GROUP */
export function apiGroup(group: string): object | undefined {
  const found = groups().find((it) => it.group === group);
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) };
}

function groupOf({ group, version }: { group: string; version: string }): object {
  const it = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [it], preferredVersion: it };
}

/** /api/v1, /apis/GROUP/VERSION */
export function apiResourceList(groupVersion: string): object | undefined {
  const found = RESOURCES.filter((it) => apiVersionOf(it) === groupVersion);
  if (found.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(entriesOf) };
}

function entriesOf(resource: Resource): object[] {
  const {
    plural: name,
    singular: singularName,
    isNamespaced: namespaced,
    kind,
    shortNames,
    categories,
  } = resource;
  const lists = {
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const main = { name, singularName, namespaced, kind, verbs: VERBS, ...lists };
  const status = { name: `${name}/status`, singularName: '', namespaced, kind, verbs: STATUS_VERBS };
  return resource.hasStatus ? [main, status] : [main];
}

/** Aggregated discovery (apidiscovery.k8s.io/v2): everything below /api or /apis in one answer. */
export function aggregated(isCore: boolean): object {
  const list = isCore ? [{ group: '', version: 'v1' }] : groups();
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: list.map(({ group, version }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: [
        {
          version,
          resources: RESOURCES.filter((it) => it.group === group).map(discoveryOf),
          freshness: 'Current',
        },
      ],
    })),
  };
}

function discoveryOf(resource: Resource): object {
  const { group, version, plural, singular, kind, shortNames, categories, isNamespaced, hasStatus } =
    resource;
  const responseKind = { group, version, kind };
  const status = { subresource: 'status', responseKind, verbs: STATUS_VERBS };
  return {
    resource: plural,
    responseKind,
    scope: isNamespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(hasStatus ? { subresources: [status] } : {}),
  };
}
