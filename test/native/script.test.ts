import test from 'ava';
import { privateNamespace } from '../helpers/netns.ts';
import { nft } from '../helpers/nft-judge.ts';
import { openTable, openTableIn, ruleset } from './table.ts';

test('a script runs in the namespace and gives its output', async (t) => {
  const { namespace, table } = await openTable(t);
  const output = await table.runScript('list tables');
  t.is(output, 'table ip nodeplane\n');
  t.is(await nft(namespace, 'list', 'tables'), output);
});

test("a script that nft refuses rejects with nft's words, and nothing of it is done", async (t) => {
  const { table } = await openTable(t);
  await t.throwsAsync(table.runScript('add table ip one\nadd rule ip two three accept'), {
    message: /^nftables: cannot run the script: .*No such file or directory/s,
  });
  t.is(await table.runScript('list tables'), 'table ip nodeplane\n');
});

test('text that is not nft', async (t) => {
  const { table } = await openTable(t);
  await t.throwsAsync(table.runScript('make it so'), { message: /syntax error/ });
});

test('a script sees what others did since the last one', async (t) => {
  const { namespace, table } = await openTable(t);
  await nft(namespace, 'add', 'table', 'ip', 'foreign');
  t.regex(await table.runScript('list tables'), /table ip foreign/);
  await nft(namespace, 'delete', 'table', 'ip', 'foreign');
  t.notRegex(await table.runScript('list tables'), /table ip foreign/);
});

test('exists and drop', async (t) => {
  const table = openTableIn(t, await privateNamespace(t));
  t.false(await table.exists());
  t.false(await table.drop());
  await table.runScript(ruleset('IPv4'));
  t.true(await table.exists());
  t.true(await table.drop());
  t.false(await table.exists());
});

test('two tables of one name, in two families', async (t) => {
  const namespace = await privateNamespace(t);
  const four = openTableIn(t, namespace, 'IPv4');
  const six = openTableIn(t, namespace, 'IPv6');
  await six.runScript(ruleset('IPv6'));
  t.deepEqual([await four.exists(), await six.exists()], [false, true]);
  t.is(new Set([...four.portIds, ...six.portIds]).size, 6);
});
