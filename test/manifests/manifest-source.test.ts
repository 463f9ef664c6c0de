import { execFileSync } from 'node:child_process';
import {
  appendFile,
  copyFile,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { temporaryDirectory, Watched, watched } from './watched.ts';
import { documents, PORT_LINE, service } from './yaml.ts';

const SHOP = new URL('../../../shared/data/api/', import.meta.url);

test('the first batch is complete', async (t) => {
  const { batches, problems, objects } = await watched(t, async (path) => {
    await writeFile(path('b.yaml'), service('web'));
    await writeFile(path('a.yml'), documents(service('cart'), service('pay')));
    await writeFile(path('c.json'), '{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"}}');
    for (const name of ['.hidden.yaml', '.a.yaml.swp', 'a.yaml~', '4913', 'notes.txt'])
      await writeFile(path(name), '{');
    await mkdir(path('directory.yaml'));
  });
  t.is(batches.length, 1);
  t.deepEqual(
    [...objects.keys()],
    ['Service/shop/cart', 'Service/shop/pay', 'Service/shop/web', 'Node//node-1'],
  );
  t.deepEqual(problems, []);
});

test('an empty directory is a complete state', async (t) => {
  t.deepEqual((await watched(t)).batches, [[]]);
});

test('what kubectl prints', async (t) => {
  const watch = await watched(t, (path) => copyFile(new URL('shop.kubectl.yaml', SHOP), path('shop.yaml')));
  t.is(watch.objects.size, 19);
  await copyFile(new URL('shop.kubectl.json', SHOP), watch.path('shop.json'));
  await watch.until(() => watch.problems.length === 16);
  t.regex(watch.problems[0] ?? '', /^shop\.yaml:3: Service default\/kubernetes: is in shop\.json too/);
  t.is(watch.batches.length, 1);
});

test('directory missing', async (t) => {
  const watch = new Watched(join(await temporaryDirectory(t), 'missing'));
  await t.throwsAsync(watch.source.start(), { message: /^Cannot read manifests from .*missing: ENOENT/ });
});

test('directory that is a file', async (t) => {
  const path = join(await temporaryDirectory(t), 'file');
  await writeFile(path, '');
  await t.throwsAsync(new Watched(path).source.start(), {
    message: /^Cannot read manifests from .*file: ENOTDIR/,
  });
});

type Edit = (path: string, text: string, scratch: string) => Promise<void>;

/** How programs change a file. */
const EDITS: Readonly<Record<string, Edit>> = {
  'write in place': (path, text) => writeFile(path, text),
  'truncate, then write piece by piece': async (path, text) => {
    const file = await open(path, 'w');
    for (const piece of text.match(/.{1,20}/gs) ?? []) await file.write(piece);
    await file.close();
  },
  'rename over (most tools)': async (path, text, scratch) => {
    await writeFile(scratch, text);
    await rename(scratch, path);
  },
  'hidden file, rename over': async (path, text) => {
    const hidden = join(dirname(path), '.new');
    await writeFile(hidden, text);
    await rename(hidden, path);
  },
  'move to backup, write anew (vim)': async (path, text) => {
    await rename(path, `${path}~`);
    await writeFile(path, text);
    await unlink(`${path}~`);
  },
  'delete, write anew': async (path, text) => {
    await unlink(path);
    await writeFile(path, text);
  },
  'sed -i': async (path, text) => {
    const port = /port: (\d+)/.exec(text)?.[1];
    execFileSync('sed', ['-i', `s/port: .*/port: ${port}/`, path]);
  },
  'cat >': async (path, text) => {
    execFileSync('sh', ['-c', 'cat > "$0"', path], { input: text });
  },
};

for (const [name, edit] of Object.entries(EDITS)) {
  test(`edit: ${name}`, async (t) => {
    const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
    for (const port of [81, 82, 83]) {
      await edit(watch.path('shop.yaml'), service('web', port), join(watch.directory, '..', 'scratch'));
      await watch.until(() => watch.port('web') === port);
    }
    t.is(watch.port('web'), 83);
  });
}

test('add, append, move out, move in, delete', async (t) => {
  const watch = await watched(t);
  const outside = join(watch.directory, '..', 'outside.yaml');
  await writeFile(watch.path('a.yaml'), service('web'));
  await watch.until(() => watch.objects.size === 1);
  await appendFile(watch.path('a.yaml'), `---\n${service('cart')}`);
  await watch.until(() => watch.objects.size === 2);
  await rename(watch.path('a.yaml'), outside);
  await watch.until(() => watch.objects.size === 0);
  await rename(outside, watch.path('b.yaml'));
  await watch.until(() => watch.objects.size === 2);
  await unlink(watch.path('b.yaml'));
  await watch.until(() => watch.objects.size === 0);
  t.deepEqual(watch.problems, []);
});

test('renaming a file changes nothing', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('a.yaml'), service('web')));
  await rename(watch.path('a.yaml'), watch.path('b.yaml'));
  await writeFile(watch.path('c.yaml'), service('cart'));
  await watch.until(() => watch.objects.size === 2);
  const deletions = watch.batches.flat().filter(({ type }) => type === 'delete');
  t.deepEqual([deletions, watch.problems], [[], []]);
});

test('a broken file keeps what was good, says where, and says when it is healthy', async (t) => {
  const watch = await watched(t, (path) =>
    writeFile(path('shop.yaml'), documents(service('web'), service('cart'))),
  );
  const write = (...texts: string[]): Promise<void> =>
    writeFile(watch.path('shop.yaml'), documents(...texts));
  await write(service('web', 81), service('cart', 70000));
  await watch.until(() => watch.port('web') === 81 && watch.problems.length === 1);
  t.is(watch.port('cart'), 80);
  t.deepEqual(watch.problems, [
    `shop.yaml:${2 * PORT_LINE + 1}: Service shop/cart: spec.ports[0].port: 70000 is not a port (1 to 65535)`,
  ]);
  await write(service('web', 82), service('cart', 70000));
  await watch.until(() => watch.port('web') === 82);
  t.is(watch.problems.length, 1);
  t.deepEqual(watch.healthy, []);
  await write(service('web', 82), service('cart', 83));
  await watch.until(() => watch.healthy.length === 1);
  t.deepEqual([watch.port('cart'), watch.healthy], [83, ['shop.yaml']]);
});

test('a half-written file', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
  const text = `${service('web', 81)}  - {name: b, port: 82}\n`;
  const cut = text.length - 5;
  await writeFile(watch.path('shop.yaml'), text.slice(0, cut));
  await watch.until(() => watch.problems.length === 1);
  t.is(watch.port('web'), 80);
  await appendFile(watch.path('shop.yaml'), text.slice(cut));
  await watch.until(() => watch.healthy.length === 1);
  t.is(watch.port('web'), 81);
});

test('a file that is emptied keeps its objects until it is deleted', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
  await truncate(watch.path('shop.yaml'), 0);
  await watch.until(() => watch.problems.length === 1);
  t.is(watch.objects.size, 1);
  await unlink(watch.path('shop.yaml'));
  await watch.until(() => watch.objects.size === 0);
  t.deepEqual(watch.healthy, []);
});

test('one object in two files', async (t) => {
  const watch = await watched(t, async (path) => {
    await writeFile(path('a.yaml'), service('web', 1));
    await writeFile(path('b.yaml'), service('web', 2));
  });
  t.is(watch.port('web'), 1);
  t.deepEqual(watch.problems, [
    'b.yaml:1: Service shop/web: is in a.yaml too, which comes first by name; the one in b.yaml is not used',
  ]);
  await unlink(watch.path('a.yaml'));
  await watch.until(() => watch.port('web') === 2);
  await watch.until(() => watch.healthy.length === 1);
  t.deepEqual(watch.healthy, ['b.yaml']);
});

test('writing the same again, or what is not read, is no event', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
  await writeFile(watch.path('shop.yaml'), service('web'));
  await writeFile(watch.path('shop.yaml'), `${service('web')}  selector: {app: web}\n`);
  await writeFile(watch.path('other.yaml'), service('cart'));
  await watch.until(() => watch.objects.size === 2);
  t.deepEqual(
    watch.batches.map((events) => events.length),
    [1, 1],
  );
});

test('a mounted ConfigMap', async (t) => {
  const version = async (path: (name: string) => string, name: string, port: number): Promise<void> => {
    await mkdir(path(name));
    await writeFile(join(path(name), 'shop.yaml'), service('web', port));
    await symlink(name, path('..data_tmp'));
    await rename(path('..data_tmp'), path('..data'));
  };
  const watch = await watched(t, async (path) => {
    await version(path, '..1', 80);
    await symlink('..data/shop.yaml', path('shop.yaml'));
  });
  t.is(watch.port('web'), 80);
  await version((name) => watch.path(name), '..2', 81);
  await rm(watch.path('..1'), { recursive: true });
  await watch.until(() => watch.port('web') === 81);
  t.deepEqual(watch.problems, []);
});

test('a directory that is moved away keeps its objects, and is followed when it is back', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
  const aside = join(watch.directory, '..', 'aside');
  await rename(watch.directory, aside);
  await watch.until(() => watch.problems.length === 1);
  t.regex(watch.problems[0] ?? '', /manifests: cannot be read, its last objects stay: ENOENT/);
  t.is(watch.objects.size, 1);
  await mkdir(watch.directory);
  await watch.until(() => watch.objects.size === 0);
  await writeFile(watch.path('shop.yaml'), service('cart'));
  await watch.until(() => watch.port('cart') === 80);
  t.deepEqual(watch.healthy, [watch.directory]);
});

test('a file that cannot be read keeps its objects', async (t) => {
  const watch = await watched(t, (path) => writeFile(path('shop.yaml'), service('web')));
  await symlink('shop.yaml', watch.path('loop'));
  await rename(watch.path('loop'), watch.path('shop.yaml'));
  await watch.until(() => watch.problems.length === 1);
  t.regex(watch.problems[0] ?? '', /^shop\.yaml: cannot be read: ELOOP/);
  t.is(watch.port('web'), 80);
});

test('after close nothing is said', async (t) => {
  const watch = await watched(t);
  const other = new Watched(watch.directory);
  await other.source.start();
  watch.source.close();
  await writeFile(watch.path('shop.yaml'), service('web'));
  await other.until(() => other.objects.size === 1);
  other.source.close();
  t.is(watch.objects.size, 0);
});

test('many files at once, many times', async (t) => {
  const watch = await watched(t);
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  for (const port of [1, 2, 3]) {
    await Promise.all(names.map((name) => writeFile(watch.path(`${name}.yaml`), service(name, port))));
  }
  await watch.until(() => names.every((name) => watch.port(name) === 3));
  await Promise.all(names.map((name) => unlink(watch.path(`${name}.yaml`))));
  await watch.until(() => watch.objects.size === 0);
  // Never a fault of ours: a file caught between truncation and writing is a problem for that moment.
  t.true(
    watch.problems.every((problem) => problem.includes('is empty')),
    watch.problems.join('\n'),
  );
});
