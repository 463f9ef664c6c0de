import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';

/**
 * Which room of src may import which: data flows from the API to the kernel, and each room knows only its
 * neighbours. `net` (addresses) and `api` (object types) are words that every room of the flow may speak.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  net: [],
  api: ['net'],
  manifests: ['api', 'net'],
  kubernetes: ['api', 'net'],
  services: ['api', 'net'],
  forwarding: ['services', 'api', 'net'],
  delta: ['forwarding', 'api', 'net'],
  native: [],
  host: ['native', 'net'],
  config: ['net'],
  node: ['config', 'forwarding', 'host', 'api', 'net'],
  conntrack: ['services', 'native', 'sync', 'net'],
  healthcheck: ['services', 'native', 'net'],
  backends: ['delta', 'forwarding', 'native', 'api', 'net'],
  sync: ['backends', 'delta', 'forwarding', 'net'],
  pipeline: ['sync', 'backends', 'forwarding', 'services', 'node', 'config', 'api', 'net'],
  lab: [],
  probe: ['backends', 'delta', 'forwarding', 'host', 'native', 'net', 'process'],
  // Child processes and their commands; knows nothing of what they do.
  process: [],
  'service-proxy': ['pipeline', 'backends', 'conntrack', 'healthcheck', 'host', 'config', 'api', 'net'],
  conformance: [
    'service-proxy',
    'backends',
    'forwarding',
    'host',
    'config',
    'native',
    'api',
    'net',
    'process',
  ],
  // A test double of the other side: it shares no code with what is tested against it.
  apiserver: ['net'],
  bench: [
    'pipeline',
    'sync',
    'backends',
    'delta',
    'forwarding',
    'services',
    'native',
    'config',
    'api',
    'net',
    'lab',
    'kubernetes',
    'apiserver',
    'process',
    'conformance',
  ],
  cli: [
    'service-proxy',
    'backends',
    'manifests',
    'kubernetes',
    'apiserver',
    'bench',
    'conformance',
    'lab',
    'probe',
    'config',
    'host',
    'api',
    'net',
  ],
  main: ['cli'],
};

/** Modules of other rooms that a room may not use although it may import the room: only the contract, no backend. */
const ONLY: Record<string, RegExp> = {
  'conntrack -> sync': /^sync\/clock\.ts$/,
  'sync -> backends': /^backends\/backend\.ts$/,
  // The bytes of packets; nothing of what is proven with them.
  'bench -> conformance': /^conformance\/packets\//,
  'pipeline -> backends': /^backends\/backend\.ts$/,
};

const SRC = path.resolve(import.meta.dirname, '../src');

function roomOf(file: string): string {
  return path.relative(SRC, file).split(path.sep)[0]?.replace(/\.ts$/, '') ?? '';
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  const targets = specifiers.map((specifier) => path.resolve(path.dirname(file), specifier));
  return targets.filter((target) => target.startsWith(SRC));
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.join(SRC, file));

test('each room imports only the rooms that it may know', (t) => {
  const trespasses: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    for (const target of importsOf(file)) {
      const other = roomOf(target);
      if (other === room) continue;
      const only = ONLY[`${room} -> ${other}`];
      const isAllowed = MAY_IMPORT[room]?.includes(other) && (only?.test(path.relative(SRC, target)) ?? true);
      if (!isAllowed) trespasses.push(`${path.relative(SRC, file)} imports ${path.relative(SRC, target)}`);
    }
  }
  t.deepEqual(trespasses, []);
});

test('the table names every room and no other', (t) => {
  t.deepEqual(Object.keys(MAY_IMPORT).toSorted(), [...new Set(files.map(roomOf))].toSorted());
});

test('backends do not know each other', (t) => {
  const trespasses = files.filter((file) => {
    const backend = /backends\/(\w+)\//.exec(file)?.[1];
    return (
      backend &&
      importsOf(file).some(
        (it) => /backends\/(\w+)\//.exec(it)?.[1] !== undefined && !it.includes(`backends/${backend}/`),
      )
    );
  });
  t.deepEqual(trespasses, []);
});
