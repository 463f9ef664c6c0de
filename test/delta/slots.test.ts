import test from 'ava';
import fc from 'fast-check';
import { arrangeSlots } from '../../src/delta/slots.ts';

function arrange(slots: string, endpoints: string): string {
  return arrangeSlots([...slots], [...endpoints]).join('');
}

test('one that leaves is replaced by the last', (t) => {
  t.is(arrange('abcde', 'abde'), 'abed');
  t.is(arrange('abcde', 'abcd'), 'abcd');
});

test('one that comes is put at the end', (t) => {
  t.is(arrange('abc', 'zabc'), 'abcz');
});

test('one that replaces another takes its slot', (t) => {
  t.is(arrange('abc', 'axc'), 'axc');
});

test('nothing changes: the same array, whatever the order', (t) => {
  const slots = ['a', 'b', 'c'];
  t.is(arrangeSlots(slots, ['c', 'a', 'b']), slots);
});

const endpoints = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 20 });

test('property: exactly the wanted endpoints, and no more writes than there are gaps', (t) => {
  fc.assert(
    fc.property(endpoints, endpoints, (before, wanted) => {
      const after = arrangeSlots(before, wanted);
      t.deepEqual(after.toSorted(), wanted.toSorted());
      const staying = before.slice(0, wanted.length).filter((it) => wanted.includes(it)).length;
      const written = after.filter((it, slot) => it !== before[slot]).length;
      t.is(written, wanted.length - staying);
    }),
    { numRuns: 2000 },
  );
});
