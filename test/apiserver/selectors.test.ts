import test from 'ava';
import { parseFieldSelector } from '../../src/apiserver/selectors/field-selector.ts';
import { parseLabelSelector } from '../../src/apiserver/selectors/label-selector.ts';

const labels = test.macro({
  exec: (t, selector: string, object: Record<string, string>, matches: boolean) => {
    t.is(parseLabelSelector(selector)(object), matches);
  },
  title: (_, selector, object, matches) =>
    `"${selector}" ${matches ? 'selects' : 'does not select'} ${JSON.stringify(object)}`,
});

test(labels, '', {}, true);
test(labels, 'a=b', { a: 'b' }, true);
test(labels, 'a==b', { a: 'c' }, false);
test(labels, 'a!=b', {}, true);
test(labels, 'a in (b, c),x', { a: 'c', x: '' }, true);
test(labels, 'a in (b,c)', {}, false);
test(labels, 'a notin (b,c)', {}, true);
test(labels, '!service.kubernetes.io/headless', { 'service.kubernetes.io/headless': '' }, false);
test(labels, '!service.kubernetes.io/headless', {}, true);

test('text that is no label selector is a bad request', (t) => {
  t.throws(() => parseLabelSelector('a in b'), { message: /unable to parse requirement/ });
  t.throws(() => parseLabelSelector(',,'), { message: /unable to parse requirement/ });
});

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { clusterIP: 'None' },
};
const FIELDS = ['metadata.name', 'spec.clusterIP'];

test('field selectors compare text at a path', (t) => {
  t.false(parseFieldSelector('spec.clusterIP!=None', FIELDS)(SERVICE));
  t.true(parseFieldSelector('spec.clusterIP=None,metadata.name=db', FIELDS)(SERVICE));
  t.true(parseFieldSelector('', FIELDS)(SERVICE));
});

test('fields that cannot be selected by are refused', (t) => {
  t.throws(() => parseFieldSelector('spec.type=x', FIELDS), {
    message: 'field label not supported: spec.type',
  });
});
