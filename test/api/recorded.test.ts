/** The objects that a real API server printed (shared/data/README.md), all of them. */
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { decodeObjects } from '../../src/api/decode.ts';
import type { ApiObject, Kind } from '../../src/api/objects.ts';

const DATA = new URL('../../../shared/data/api/', import.meta.url);

function recorded(file: string): readonly ApiObject[] {
  const text = readFileSync(new URL(file, DATA), 'utf8');
  const document: unknown = file.endsWith('.yaml') ? parse(text) : JSON.parse(text);
  return decodeObjects(document).flatMap(({ decoded }) => {
    if ('errors' in decoded) throw new Error(`${file}: ${JSON.stringify(decoded)}`);
    return 'object' in decoded ? [decoded.object] : [];
  });
}

function counts(t: ExecutionContext, file: string, expected: Partial<Record<Kind, number>>): void {
  const found = Object.groupBy(recorded(file), ({ kind }) => kind);
  const numbers = Object.entries(found).map(([kind, objects]) => [kind, objects?.length]);
  t.deepEqual(Object.fromEntries(numbers), expected);
}

test('services.list.json', counts, 'services.list.json', { Service: 6 });
test('endpointslices.list.json', counts, 'endpointslices.list.json', { EndpointSlice: 7 });
test('nodes.list.json', counts, 'nodes.list.json', { Node: 1 });
test('shop.kubectl.yaml', counts, 'shop.kubectl.yaml', { Service: 7, EndpointSlice: 9, Node: 3 });
test('shop.kubectl.json', counts, 'shop.kubectl.json', { Service: 7, EndpointSlice: 9 });
test('services.managedfields.yaml', counts, 'services.managedfields.yaml', { Service: 7 });

test('YAML and JSON say the same', (t) => {
  const withoutNodes = recorded('shop.kubectl.yaml').filter(({ kind }) => kind !== 'Node');
  t.deepEqual(withoutNodes, recorded('shop.kubectl.json'));
});

test('a dual-stack Service and its slices', (t) => {
  const objects = recorded('shop.kubectl.json');
  const web = objects.find(({ kind, name }) => kind === 'Service' && name === 'web');
  t.like(web, { namespace: 'shop', type: 'NodePort', ipFamilies: ['IPv4', 'IPv6'] });
});
