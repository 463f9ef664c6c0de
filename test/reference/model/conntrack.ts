/** Which conntrack entries a cleanup removes: section 15 of the spec. */
import type { ConntrackEntry } from '../vectors.ts';
import { familyOf, withPort } from './addresses.ts';
import { addressedPort } from './decide.ts';
import type { Model } from './model.ts';

export function conntrackFate(model: Model, entry: ConntrackEntry): 'keep' | 'delete' {
  if (entry.protocol !== 'UDP') return 'keep'; // CT-01, CT-10
  const original = {
    origin: 'external',
    protocol: entry.protocol,
    sourceIP: entry.origSrc,
    destIP: entry.origDst,
    destPort: entry.origDstPort,
  } as const;
  // CT-03, CT-04; CT-05 the better way: only where node ports are taken
  const port = addressedPort(model[familyOf(entry.origDst)], original)?.port;
  if (port === undefined) return 'keep';
  const current = withPort(entry.replySrc, entry.replySrcPort);
  const isServing = port.endpoints.some(({ text, isServing }) => isServing && text === current); // CT-06, CT-07
  return isServing ? 'keep' : 'delete'; // CT-08 the better way: also when no endpoint serves
}
