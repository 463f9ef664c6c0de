import type { NodeSettings } from '../../src/forwarding/node-settings.ts';

/** Settings that tell no pods from others and serve node ports everywhere, altered by `fields`. */
export function settings(fields: Partial<NodeSettings> = {}): NodeSettings {
  return {
    localPods: undefined,
    masqueradeAll: false,
    nodePortAddresses: 'any',
    serviceCIDRs: [],
    ...fields,
  };
}
