import type { Random } from '../common/random.ts';
import type { ClusterSize } from './cluster.ts';
import type { Block } from './figures.ts';
import { MEASURE, type MeasureName } from './measures.ts';
import type { Origin } from './network.ts';
import { destinationOf, type Route, type Target, targetsOf } from './routes.ts';
import type { Sites } from './sites.ts';

/** One question: the same measure on all routes and to all targets, in turns. */
export interface Question extends ClusterSize {
  readonly origin: Origin;
  readonly measure: MeasureName;
}

/** The blocks of one route and target, by round. */
export interface Series {
  readonly route: Route;
  readonly target: Target;
  readonly blocks: readonly Block[];
}

/** Come first and do not count: routes, neighbours and code paths are cold. */
const WARM_UP_ROUNDS = 1;

/**
 * Measures a block of each route and target in every round, in another order each time: what disturbs the machine for
 * longer than a block hits all alike, and blocks of one round can be compared.
 */
export async function measureQuestion(
  question: Question,
  { sites, routes, rounds, random }: Setup,
  onRound: (done: number) => void,
): Promise<Series[]> {
  const { opensFlows } = MEASURE[question.measure];
  const targets = targetsOf(opensFlows, question.services);
  const series = routes.flatMap((route) =>
    targets.map((target) => ({ route, target, blocks: [] as Block[] })),
  );
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    onRound(round);
    await sites.forget();
    for (const { route, target, blocks } of shuffled(series, random)) {
      const block = await measureBlock(question, route, target, sites);
      if (round >= WARM_UP_ROUNDS) blocks.push(block);
    }
  }
  return series;
}

export interface Setup {
  readonly sites: Sites;
  readonly routes: readonly Route[];
  readonly rounds: number;
  readonly random: Random;
}

/** How long a question takes, about, in seconds. */
export function timeOf({ measure, services }: Question, routes: number, rounds: number): number {
  const { opensFlows, milliseconds } = MEASURE[measure];
  const blocks = targetsOf(opensFlows, services).length * routes * (WARM_UP_ROUNDS + rounds);
  return (milliseconds * blocks) / 1000;
}

function measureBlock(question: Question, route: Route, target: Target, sites: Sites): Promise<Block> {
  const site = sites.of(route);
  const nodeAddress = site.network.node.IPv4;
  const destination = destinationOf(route.path, target, question.origin, question, nodeAddress);
  return site.measure(question.origin, `${MEASURE[question.measure].command} ${destination}`);
}

/** Fisher-Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(random(rest.length), 1));
}
