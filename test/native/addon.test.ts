import test from 'ava';
import { ABI, ADDON_NAMES, loadAddon } from '../../src/native/addon.ts';
import { checkAddon } from '../../src/native/check.ts';

test('the addon that was built is the one that is declared', (t) => {
  t.is(checkAddon(loadAddon(), ABI, ADDON_NAMES), undefined);
});

test('the methods that are declared exist', (t) => {
  const { NftablesTable, NftablesMonitor, AddressMonitor, ConntrackTable, PacketProbe } = loadAddon();
  const methodsOf = (one: { readonly prototype: object }) => Object.getOwnPropertyNames(one.prototype).sort();
  t.deepEqual(methodsOf(NftablesTable as unknown as { prototype: object }), [
    'close',
    'commit',
    'commitInBackground',
    'constructor',
    'drop',
    'exists',
    'read',
    'runScript',
  ]);
  t.deepEqual(methodsOf(NftablesMonitor as unknown as { prototype: object }), ['close', 'constructor']);
  t.deepEqual(methodsOf(AddressMonitor as unknown as { prototype: object }), ['close', 'constructor']);
  t.deepEqual(methodsOf(ConntrackTable as unknown as { prototype: object }), [
    'close',
    'constructor',
    'deleteStale',
  ]);
  t.deepEqual(methodsOf(PacketProbe as unknown as { prototype: object }), [
    'close',
    'collect',
    'constructor',
    'inject',
    'isTracked',
    'send',
    'track',
  ]);
});

test('an addon of another ABI', (t) => {
  t.is(checkAddon({ abi: 2 }, 1, ['abi']), 'its ABI is 2, but this is 1');
  t.is(checkAddon({}, 1, ['abi']), 'its ABI is missing, but this is 1');
});

test('an addon with other names', (t) => {
  t.is(checkAddon({ abi: 1, a: 1 }, 1, ['abi', 'b']), 'it exports a, abi, but should export abi, b');
});

test('no addon at all', (t) => {
  t.is(checkAddon(undefined, 1, []), 'it exports nothing');
});
