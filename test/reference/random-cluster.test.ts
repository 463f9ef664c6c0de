import test from 'ava';
import { decodeObject } from '../../src/api/decode.ts';
import { decide } from './model/decide.ts';
import { modelOf } from './model/model.ts';
import { randomCluster } from './random-cluster.ts';

const SEEDS = Array.from({ length: 500 }, (_, index) => index);

test('one seed, one cluster', (t) => {
  t.deepEqual(randomCluster(7, 20), randomCluster(7, 20));
  t.notDeepEqual(randomCluster(7, 20), randomCluster(8, 20));
});

test('objects of random clusters are valid', (t) => {
  for (const seed of SEEDS) {
    const { services, endpointSlices } = randomCluster(seed, 0);
    for (const object of [...services, ...endpointSlices]) {
      const decoded = decodeObject(object);
      if ('object' in decoded) continue;
      t.fail(`seed ${seed}: ${JSON.stringify({ decoded, object })}`);
    }
  }
  t.pass();
});

test('packets of random clusters meet every outcome, often', (t) => {
  const seen = new Map<string, number>();
  const count = (outcome: string) => seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  for (const seed of SEEDS) {
    const cluster = randomCluster(seed, 10);
    const model = modelOf(cluster);
    for (const packet of cluster.packets) {
      const decision = decide(model, packet);
      count(decision.action);
      if (decision.action === 'dnat') for (const masquerade of decision.endpoints.values()) count(masquerade);
    }
  }
  t.log(Object.fromEntries(seen));
  for (const outcome of ['dnat', 'reject', 'drop', 'none', 'yes', 'no', 'either']) {
    t.true((seen.get(outcome) ?? 0) >= 10, outcome);
  }
});
