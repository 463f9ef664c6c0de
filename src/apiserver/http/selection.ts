/** Which objects of a resource a list or watch is about. */
import { badRequest } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { FieldSelectorError, type ObjectMatcher, parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import type { Exchange } from './exchange.ts';
import type { Target } from './route.ts';

export interface Selection {
  /** Of stored objects. */
  readonly matches: ObjectMatcher;
  /** Takes every object of the resource. */
  readonly isAll: boolean;
  readonly hasSelectors: boolean;
}

/** Reads the selectors of a request. Throws 400. */
export function selectionOf(exchange: Exchange, target: Target): Selection {
  const labelText = exchange.query('labelSelector') ?? '';
  const fieldText = exchange.query('fieldSelector') ?? '';
  const labels = parseLabelSelector(labelText);
  const fields = fieldMatcher(target, fieldText, labelText);
  const { namespace, name } = target;
  const matches = (object: KubeObject): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    (labelText === '' || labels(object.metadata.labels ?? {})) &&
    (fieldText === '' || fields(object));
  const hasSelectors = labelText !== '' || fieldText !== '';
  return { matches, hasSelectors, isAll: !hasSelectors && namespace === undefined && name === undefined };
}

function fieldMatcher({ resource }: Target, text: string, labelText: string): ObjectMatcher {
  try {
    const matches = parseFieldSelector(text, [
      'metadata.name',
      'metadata.namespace',
      ...resource.selectableFields,
    ]);
    const { view } = resource;
    return view === undefined ? matches : (object) => matches(view.fromStored(object));
  } catch (error) {
    if (!(error instanceof FieldSelectorError)) throw error;
    const gvr = `${apiVersionOf(resource)}, Resource=${resource.plural}`;
    throw badRequest(
      `Unable to find "${gvr}" that match label selector "${labelText}", field selector "${text}": ${error.message}`,
    );
  }
}
