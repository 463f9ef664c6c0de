import test from 'ava';
import { intervalText, numberText, valueText } from '../../../src/bench/report/numbers.ts';

test('numbers have three digits that count', (t) => {
  t.deepEqual([0.1234, 1.0449, 52.44, 842.6, 9311.2].map(numberText), [
    '0.12',
    '1.04',
    '52.4',
    '843',
    '9,311',
  ]);
});

test('whole numbers have all of theirs', (t) => {
  t.deepEqual([0, 7, 50_000].map(numberText), ['0', '7', '50,000']);
});

test('units are printed as people write them', (t) => {
  t.is(valueText(52.44, 'us'), '52.4 µs');
  t.is(valueText(1.044, 'x'), '1.04×');
  t.is(valueText(3, ''), '3');
});

test('an interval that is a point is none', (t) => {
  t.is(intervalText({ value: 2, low: 2, high: 2 }), undefined);
  t.is(intervalText({ value: 2, low: 1.5, high: 12 }), '1.50 to 12');
});
