/** Paths to what they name. */
import type { Resource } from '../resources/resource.ts';
import { findResource } from '../resources/resources.ts';

/** What a path below a group version names. */
export interface Target {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** The target of a path such as /api/v1/namespaces/NS/services/NAME/status, or undefined. */
export function parseTarget(path: string): Target | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [root, ...rest] = parts;
  if (root === 'api') return targetOf('', rest);
  if (root !== 'apis') return undefined;
  const [group = '', ...inGroup] = rest;
  return targetOf(group, inGroup);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function targetOf(group: string, [version = '', ...rest]: readonly string[]): Target | undefined {
  const [first, namespace, plural, ...inNamespace] = rest;
  // /namespaces/NS/PLURAL is within a namespace; /namespaces/NS, and /namespaces/NS/status, is the namespace itself.
  const namespaced =
    first === 'namespaces' && plural !== undefined ? findResource(group, version, plural) : undefined;
  if (namespaced?.isNamespaced && namespace !== undefined)
    return withName(namespaced, inNamespace, namespace);
  const resource = findResource(group, version, first ?? '');
  return resource === undefined ? undefined : withName(resource, rest.slice(1));
}

function withName(
  resource: Resource,
  [name, subresource, ...more]: readonly string[],
  namespace?: string,
): Target | undefined {
  if (more.length > 0) return undefined;
  // An object of a namespaced resource has no place outside of a namespace.
  if (name !== undefined && resource.isNamespaced && namespace === undefined) return undefined;
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
