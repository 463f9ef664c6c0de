import test from 'ava';
import fc from 'fast-check';
import { IdPool } from '../../src/delta/id-pool.ts';

test('numbers come in order', (t) => {
  const pool = new IdPool(10);
  t.deepEqual([pool.take(), pool.take(), pool.take()], [0, 1, 2]);
});

test('a number that was given back is not given again before all others were', (t) => {
  const pool = new IdPool(4);
  pool.take();
  pool.release(0);
  t.deepEqual([pool.take(), pool.take(), pool.take(), pool.take()], [1, 2, 3, 0]);
});

test('numbers that somebody else gave are passed by, and the next one is beyond', (t) => {
  const pool = new IdPool(10);
  pool.reserve(7);
  pool.reserve(3);
  t.deepEqual([pool.take(), pool.take(), pool.take()], [8, 9, 0]);
});

test('when all are in use the next one is an error', (t) => {
  const pool = new IdPool(2);
  pool.take();
  pool.reserve(1);
  t.throws(() => pool.take(), { instanceOf: RangeError, message: 'all 2 numbers are in use' });
  pool.release(1);
  t.is(pool.take(), 1);
});

const step = fc.oneof(
  fc.record({ verb: fc.constantFrom('reserve', 'release'), id: fc.nat({ max: 9 }) }),
  fc.constant({ verb: 'take', id: 0 }),
);

test('property: no number has two owners, and none is lost', (t) => {
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const pool = new IdPool(10);
    const used = new Set<number>();
    for (const { verb, id } of steps) {
      if (verb === 'take') {
        if (used.size === 10) continue;
        const taken = pool.take();
        t.false(used.has(taken));
        used.add(taken);
      } else if (verb === 'release') {
        pool.release(id);
        used.delete(id);
      } else {
        pool.reserve(id);
        used.add(id);
      }
    }
    while (used.size < 10) used.add(pool.take());
    t.throws(() => pool.take());
  });
  fc.assert(property, { numRuns: 1000 });
});
