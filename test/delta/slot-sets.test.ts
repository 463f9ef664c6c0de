import test from 'ava';
import fc from 'fast-check';
import {
  emptyProgrammedTable,
  MAX_AFFINITY_NUMBERS,
  type ProgrammedSlotSet,
} from '../../src/delta/programmed-table.ts';
import { programSlotSet } from '../../src/delta/slot-sets.ts';
import type { SlotSet } from '../../src/forwarding/frontend.ts';

const PORT = 'shop/web:http/TCP IPv4';

/** The slot sets of one service port, programmed one after the other. */
class Port {
  readonly #ids = emptyProgrammedTable().ids;
  readonly sets = new Map<string, ProgrammedSlotSet>();

  program(list: '' | ' local', endpoints: readonly string[], affinitySeconds?: number): ProgrammedSlotSet {
    const wanted: SlotSet = { key: PORT + list, endpoints, affinitySeconds };
    const set = programSlotSet(this.sets.get(wanted.key), wanted, (key) => this.sets.get(key), this.#ids);
    this.sets.set(wanted.key, set);
    return set;
  }
}

/** Numbers by endpoint. */
function numbersOf({ slots, affinity }: ProgrammedSlotSet): Record<string, number | undefined> {
  return Object.fromEntries(slots.map((endpoint, slot) => [endpoint, affinity?.numbers[slot]]));
}

test('what is as wanted is the same object', (t) => {
  const port = new Port();
  t.is(port.program('', ['a', 'b']), port.program('', ['b', 'a']));
  t.is(port.program(' local', ['a'], 60), port.program(' local', ['a'], 60));
});

test('without affinity each list has a number of its own, and keeps it', (t) => {
  const port = new Port();
  t.is(port.program('', ['a']).id, 0);
  t.is(port.program(' local', ['a']).id, 1);
  t.like(port.program('', ['a', 'b']), { id: 0, slots: ['a', 'b'], affinity: undefined });
});

test('AFF-02 with affinity both lists are one group: the Cluster list is even, the Local list odd', (t) => {
  for (const [first, second] of [
    ['', ' local'],
    [' local', ''],
  ] as const) {
    const port = new Port();
    port.program(first, ['a'], 60);
    port.program(second, ['a'], 60);
    t.is(port.sets.get(PORT)?.id, 0);
    t.is(port.sets.get(`${PORT} local`)?.id, 1);
  }
});

test('a set that gains or loses affinity becomes another one', (t) => {
  const port = new Port();
  port.program(' local', ['x']);
  const without = port.program('', ['a', 'b']);
  const gained = port.program('', ['a', 'b'], 60);
  t.is(without.id, 1);
  t.is(gained.id, 0);
  t.deepEqual(gained.slots, without.slots);
  t.like(port.program('', ['a', 'b']), { id: 2, affinity: undefined });
});

test('AFF-07 another timeout changes neither numbers nor slots', (t) => {
  const port = new Port();
  const before = port.program('', ['a', 'b'], 60);
  const after = port.program('', ['b', 'a'], 90);
  t.deepEqual(after, { ...before, affinity: { seconds: 90, numbers: [0, 1], next: 2 } });
});

test('AFF-04 an endpoint keeps its number while it is in one of the lists', (t) => {
  const port = new Port();
  port.program('', ['a', 'b', 'c'], 60);
  t.deepEqual(numbersOf(port.program(' local', ['c'], 60)), { c: 2 });
  t.deepEqual(numbersOf(port.program('', ['b'], 60)), { b: 1 });
  t.deepEqual(numbersOf(port.program('', ['b', 'c', 'd'], 60)), { b: 1, c: 2, d: 3 });
});

test('AFF-04 the number of an endpoint that left is not given to the next one, nor to itself when it is back', (t) => {
  const port = new Port();
  port.program('', ['a', 'b'], 60);
  t.deepEqual(numbersOf(port.program('', ['a', 'x'], 60)), { a: 0, x: 2 });
  t.deepEqual(numbersOf(port.program('', ['a', 'b'], 60)), { a: 0, b: 3 });
});

test('numbers go round', (t) => {
  const port = new Port();
  port.program('', ['a'], 60);
  for (let round = 1; round < MAX_AFFINITY_NUMBERS; round++) port.program('', ['a', `b${round}`], 60);
  t.deepEqual(numbersOf(port.program('', ['a', 'c'], 60)), { a: 0, c: 1 });
});

function manyEndpoints(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

test('when all endpoints of a large set are replaced, newcomers take numbers that are left just now', (t) => {
  const port = new Port();
  port.program('', manyEndpoints('a', MAX_AFFINITY_NUMBERS), 60);
  const { affinity } = port.program('', manyEndpoints('b', MAX_AFFINITY_NUMBERS), 60);
  t.is(new Set(affinity?.numbers).size, MAX_AFFINITY_NUMBERS);
  t.true(affinity?.numbers.every((number) => number < MAX_AFFINITY_NUMBERS));
});

test('endpoints beyond the limit get numbers that no backend takes', (t) => {
  const { affinity } = new Port().program('', manyEndpoints('a', MAX_AFFINITY_NUMBERS + 2), 60);
  t.deepEqual(affinity?.numbers.slice(-2), [MAX_AFFINITY_NUMBERS, MAX_AFFINITY_NUMBERS + 1]);
});

const change = fc.record({
  list: fc.constantFrom<'' | ' local'>('', ' local'),
  endpoints: fc.uniqueArray(fc.nat({ max: 12 }).map(String), { minLength: 1, maxLength: 8 }),
  seconds: fc.constantFrom(60, 90),
});

test('property: within a group a number is one endpoint at a time, and a number is not given to the next', (t) => {
  const property = fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
    const port = new Port();
    const everOwner = new Map<number, string>();
    for (const { list, endpoints, seconds } of changes) {
      port.program(list, endpoints, seconds);
      const numbers = [...port.sets.values()].flatMap((set) => Object.entries(numbersOf(set)));
      for (const [endpoint, number = -1] of numbers) {
        t.is(everOwner.get(number) ?? endpoint, endpoint);
        everOwner.set(number, endpoint);
      }
      t.is(new Set(numbers.map(String)).size, new Set(numbers.map(([endpoint]) => endpoint)).size);
    }
  });
  fc.assert(property, { numRuns: 1000 });
});
