import test from 'ava';
import type { ObjectEvent } from '../../../src/api/objects.ts';
import { churn } from '../../../src/bench/update/churn.ts';

/** Changes that can be told apart. */
function* numbered(): Generator<ObjectEvent[], never> {
  for (let number = 0; ; number++)
    yield [{ type: 'delete', kind: 'Service', namespace: 'bench', name: `${number}` }];
}

function nameOf(event: ObjectEvent): string {
  return event.type === 'delete' ? event.name : event.object.name;
}

test('each change is handed over once and in order, none before it is due', async (t) => {
  const taken: string[] = [];
  const { latencies } = await churn({ rate: 500, seconds: 0.4 }, numbered(), async (events) => {
    taken.push(...events.map(nameOf));
  });
  t.deepEqual(
    taken,
    Array.from({ length: 200 }, (_, number) => `${number}`),
  );
  t.is(latencies.length, 200);
  t.true(latencies.every((latency) => latency >= 0));
});

test('whoever is slow is handed all that came meanwhile, and each change has waited since it was due', async (t) => {
  const batches: number[] = [];
  const { latencies } = await churn({ rate: 1000, seconds: 0.2 }, numbered(), async (events) => {
    batches.push(events.length);
    if (batches.length > 1) return;
    // Busy for as long as 50 changes take: the rest comes together.
    const end = performance.now() + 50;
    while (performance.now() < end);
  });
  t.true((batches[1] ?? 0) >= 40, batches.join(' '));
  // The first of those that came meanwhile waited for nearly all of the time, though it was handled at once.
  t.true((latencies[batches[0] ?? 0] ?? 0) > 40_000);
  t.is(
    batches.reduce((sum, it) => sum + it, 0),
    200,
  );
});
