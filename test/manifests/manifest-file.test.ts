import test from 'ava';
import { type ManifestFile, readManifest } from '../../src/manifests/manifest-file.ts';
import { describeProblem } from '../../src/manifests/problem.ts';
import { documents, PORT_LINE, service } from './yaml.ts';

function keys(file: ManifestFile): readonly string[] {
  return [...file.objects.keys()];
}

function problems(file: ManifestFile): readonly string[] {
  return file.problems.map(describeProblem);
}

function portOf(file: ManifestFile, name: string): number | undefined {
  const object = file.objects.get(`Service/shop/${name}`)?.object;
  return object?.kind === 'Service' ? object.ports[0]?.port : undefined;
}

const WEB_AND_CART = readManifest('shop.yaml', documents(service('web'), service('cart')));
const BOTH = ['Service/shop/web', 'Service/shop/cart'];

test('objects in the order of the file', (t) => {
  t.deepEqual(keys(WEB_AND_CART), BOTH);
  t.deepEqual(problems(WEB_AND_CART), []);
});

test('other kinds and empty documents are passed over', (t) => {
  const text = documents('# nothing\n', 'apiVersion: v1\nkind: Pod\n', service('web'));
  const file = readManifest('shop.yaml', text);
  t.deepEqual([keys(file), problems(file)], [['Service/shop/web'], []]);
});

test('an error names file, line, object and field', (t) => {
  const file = readManifest('shop.yaml', documents(service('web'), service('cart', 70000)));
  const line = 2 * PORT_LINE + 1;
  t.deepEqual(problems(file), [
    `shop.yaml:${line}: Service shop/cart: spec.ports[0].port: 70000 is not a port (1 to 65535)`,
  ]);
  t.deepEqual(keys(file), ['Service/shop/web']);
});

test('lines in a JSON file', (t) => {
  const value = {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'A' } }],
  };
  const file = readManifest('nodes.json', JSON.stringify(value, undefined, 1));
  t.regex(problems(file)[0] ?? '', /^nodes\.json:9: metadata\.name: "A" is not a DNS name/);
});

test('an object with a wrong field keeps its last good version; its neighbours are followed', (t) => {
  const text = documents(service('web', 0), service('cart', 81), service('new', 82));
  const file = readManifest('shop.yaml', text, WEB_AND_CART);
  t.is(portOf(file, 'web'), 80);
  t.is(portOf(file, 'cart'), 81);
  t.is(portOf(file, 'new'), 82);
  t.is(file.problems.length, 1);
  t.is(file.objects.get('Service/shop/web')?.position(), undefined);
});

test('the last good version is kept over several wrong ones, and then left', (t) => {
  let file = WEB_AND_CART;
  for (const port of [0, -1, 'x']) file = readManifest('shop.yaml', service('web', port), file);
  t.deepEqual(keys(file), ['Service/shop/web']);
  t.is(portOf(file, 'web'), 80);
  file = readManifest('shop.yaml', service('web', 8080), file);
  t.is(portOf(file, 'web'), 8080);
  t.deepEqual(file.problems, []);
});

test('a file that does not parse keeps everything', (t) => {
  const file = readManifest('shop.yaml', `${service('web', 8080)}a: b: c\n`, WEB_AND_CART);
  t.deepEqual(keys(file), BOTH);
  t.is(portOf(file, 'web'), 80);
  t.deepEqual(problems(file), [
    'shop.yaml:10: cannot be parsed: Nested mappings are not allowed in compact mappings',
  ]);
});

test('an object that lost its name: nothing counts as deleted', (t) => {
  const file = readManifest('shop.yaml', documents(service('web', 8080), service('')), WEB_AND_CART);
  t.deepEqual(keys(file), BOTH);
  t.is(portOf(file, 'web'), 8080);
  t.deepEqual(problems(file), ['shop.yaml:15: metadata.name: is missing']);
});

test('an empty file keeps everything, one with a comment nothing', (t) => {
  const empty = readManifest('shop.yaml', '', WEB_AND_CART);
  t.deepEqual(keys(empty), BOTH);
  t.deepEqual(problems(empty), [
    'shop.yaml: is empty: its last objects (2) stay until it has content or is deleted',
  ]);
  const blank = readManifest('shop.yaml', '\n', empty);
  t.deepEqual([keys(blank), problems(blank)], [keys(empty), problems(empty)]);
  const commented = readManifest('shop.yaml', '# gone\n', empty);
  t.deepEqual([keys(commented), problems(commented)], [[], []]);
});

test('a new file may be empty', (t) => {
  t.like(readManifest('shop.yaml', ''), { problems: [] });
});

test('the same object twice: the first counts', (t) => {
  const file = readManifest('shop.yaml', documents(service('web', 1), service('web', 2)));
  t.is(portOf(file, 'web'), 1);
  t.deepEqual(problems(file), [
    'shop.yaml:11: Service shop/web: is in this file twice; the first one counts',
  ]);
});

test('objects that did not change stay identical', (t) => {
  const file = readManifest(
    'shop.yaml',
    documents('# new\n', service('cart'), service('web', 81)),
    WEB_AND_CART,
  );
  t.is(file.objects.get('Service/shop/cart')?.object, WEB_AND_CART.objects.get('Service/shop/cart')?.object);
  t.is(portOf(file, 'web'), 81);
  t.is(readManifest('shop.yaml', file.text ?? '', file), file);
});
