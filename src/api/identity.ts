import type { ApiObject, Kind } from './objects.ts';

/** Which object: what two versions of it have in common. What has no namespace has "" here. */
export interface Identity {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

export function identityOf(object: ApiObject): Identity {
  const { kind, name } = object;
  return { kind, namespace: 'namespace' in object ? object.namespace : '', name };
}

/** A key for maps. No part contains a slash (see names.ts), so two identities never share one. */
export function identityKey({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace}/${name}`;
}
