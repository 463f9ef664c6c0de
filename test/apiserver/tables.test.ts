import { readFileSync } from 'node:fs';
import test from 'ava';
import { isObject, type KubeObject, listAt, textAt, valueAt } from '../../src/apiserver/objects.ts';
import { resourceOf } from '../../src/apiserver/resources/resources.ts';
import { humanDuration } from '../../src/apiserver/tables/duration.ts';
import { call, SERVICES, service, startServer } from './helpers.ts';

const duration = test.macro({
  exec: (t, seconds: number, text: string) => t.is(humanDuration(seconds), text),
  title: (_, seconds, text) => `${seconds} seconds are ${text}`,
});

test(duration, -5, '<invalid>');
test(duration, 0, '0s');
test(duration, 119, '119s');
test(duration, 192, '3m12s');
test(duration, 600, '10m');
test(duration, 4 * 3600, '4h');
test(duration, 3 * 86400 + 3600, '3d1h');
test(duration, 400 * 86400, '400d');
test(duration, 3 * 365 * 86400, '3y');

const RECORDED = new URL('../../../shared/data/api/', import.meta.url);

/** Cells of recorded services by our columns, and as the real server gave them. Ages are those of another moment. */
test('recorded services have the cells of the real server', (t) => {
  const table: unknown = JSON.parse(readFileSync(new URL('table.services.json', RECORDED), 'utf8'));
  const items: unknown = JSON.parse(readFileSync(new URL('services.list.json', RECORDED), 'utf8'));
  const { columns } = resourceOf('services');
  t.deepEqual(
    columns.map((it) => it.name),
    listAt(table, 'columnDefinitions').map((it) => textAt(it, 'name')),
  );
  let compared = 0;
  for (const row of listAt(table, 'rows')) {
    const cells = listAt(row, 'cells');
    const object = listAt(items, 'items').find((it) => textAt(it, 'metadata', 'name') === cells[0]);
    if (!isObject(object)) continue;
    const ours = columns.map((column) => column.cell(object as KubeObject, Date.now()));
    t.deepEqual(ours.toSpliced(5, 1), cells.toSpliced(5, 1));
    compared++;
  }
  t.true(compared >= 5);
});

test('tables carry as much of the object as asked for', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('web', { type: 'LoadBalancer' }));
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
  const { body } = await call(server, `${SERVICES}/web?includeObject=None`, { headers });
  t.is(body['kind'], 'Table');
  const [row] = listAt(body, 'rows');
  t.is(valueAt(row, 'object'), undefined);
  t.is(listAt(row, 'cells')[3], '<pending>');
  const whole = await call(server, `${SERVICES}?includeObject=Object`, { headers });
  t.is(textAt(listAt(whole.body, 'rows')[0], 'object', 'kind'), 'Service');
});
