import { inspect } from 'node:util';
import test from 'ava';
import { agrees, decisionText } from './compare.ts';
import { affinityOnTable, decideOnTable } from './decide-on-table.ts';
import { minimise } from './minimise.ts';
import { familyOf } from './model/addresses.ts';
import { affinityOf } from './model/affinity.ts';
import { decide } from './model/decide.ts';
import { modelOf } from './model/model.ts';
import { programmed } from './programmed.ts';
import { clusterBefore, type RandomCluster, randomCluster } from './random-cluster.ts';
import { startSeed } from './seed.ts';
import type { Packet, Situation } from './situation.ts';
import { nftablesFlows, readVectors } from './vectors.ts';

const CLUSTERS = 20_000;
const PACKETS = 10;
/** Every so often a cluster comes to be out of another one, so that changes are proved too. */
const CHANGED_EVERY = 3;

interface Disagreement {
  readonly packet: Packet;
  readonly expected: string;
  readonly seen: string;
}

function disagreements(situation: Situation, packets: readonly Packet[], before?: Situation): Disagreement[] {
  const model = modelOf(situation);
  const nodes = programmed(situation, before);
  return packets.flatMap((packet) => {
    const node = nodes[familyOf(packet.destIP)];
    const [expected, seen] = [decide(model, packet), decideOnTable(node, packet)];
    const affinity = expected.action === 'dnat' ? affinityOf(model, packet)?.seconds : undefined;
    const seenAffinity = seen.action === 'dnat' ? affinityOnTable(node, packet) : undefined;
    if (agrees(expected, seen) && affinity === seenAffinity) return [];
    return [
      {
        packet,
        expected: `${decisionText(expected)}, affinity ${affinity}`,
        seen: `${decisionText(seen)}, affinity ${seenAffinity}`,
      },
    ];
  });
}

/** What is wrong with the cluster of a seed, as small as it gets; undefined if all is well. */
function faultOf(seed: number): string | undefined {
  const cluster = randomCluster(seed, PACKETS);
  const before = seed % CHANGED_EVERY === 0 ? clusterBefore(seed, cluster) : undefined;
  try {
    if (disagreements(cluster, cluster.packets, before).length === 0) return undefined;
  } catch (error) {
    return inspect(error);
  }
  return describeFault(cluster, before);
}

function describeFault(cluster: RandomCluster, before: Situation | undefined): string {
  const fails = (candidate: RandomCluster) => disagreements(candidate, cluster.packets, before).length > 0;
  const { packets, ...situation } = minimise(cluster, fails);
  const [first] = disagreements(situation, packets, before);
  const isBeforeNeeded = disagreements(situation, packets).length === 0;
  const story = { ...situation, ...(isBeforeNeeded && { before }) };
  return `${JSON.stringify(first)}\n${JSON.stringify(story)}`;
}

test(`property: the pipeline wants what the reference model demands, in ${CLUSTERS} random clusters`, (t) => {
  const start = startSeed();
  t.log(`NODEPLANE_SEED=${start}`);
  for (let seed = start; seed < start + CLUSTERS; seed++) {
    const fault = faultOf(seed);
    if (fault === undefined) continue;
    t.fail(`NODEPLANE_SEED=${seed}\n${fault}`);
    return;
  }
  t.pass();
});

test('the pipeline wants what the vectors demand', (t) => {
  for (const vector of readVectors()) {
    t.deepEqual(disagreements(vector, nftablesFlows(vector)), [], vector.id);
  }
});
