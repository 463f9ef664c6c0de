import test from 'ava';
import { isOlder } from '../../../src/kubernetes/reflector/versions.ts';

test('versions are compared as numbers of any length', (t) => {
  t.true(isOlder('9', '10'));
  t.true(isOlder('99999999999999999999998', '99999999999999999999999'));
  t.false(isOlder('10', '9'));
  t.false(isOlder('10', '10'));
});

test('what is no number is not compared', (t) => {
  t.false(isOlder('a', 'b'));
  t.false(isOlder('', '1'));
  t.false(isOlder('1', ''));
  t.false(isOlder('09', '10'));
});
