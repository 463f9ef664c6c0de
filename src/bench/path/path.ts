import { TimeLeft } from '../all/time-left.ts';
import type { BackendName } from '../common/backends.ts';
import { type Machine, thisMachine } from '../common/machine.ts';
import { exitOnSignals, removeStaleNamespaces } from '../common/namespace.ts';
import { type Noise, NoiseWatch } from '../common/noise.ts';
import type { Progress } from '../common/progress.ts';
import { seededRandom } from '../common/random.ts';
import { measureQuestion, type Question, timeOf } from './measure.ts';
import type { MeasureName } from './measures.ts';
import type { Origin } from './network.ts';
import { type Distribution, distributionsOf, type Result, resultsOf } from './result.ts';
import { routesOf } from './routes.ts';
import { Sites } from './sites.ts';

export interface PathOptions {
  readonly backends: readonly BackendName[];
  /** Numbers of services to measure with, in this order. */
  readonly services: readonly number[];
  /** Of each service. */
  readonly endpoints: number;
  readonly measures: readonly MeasureName[];
  /** Where clients are. */
  readonly origins: readonly Origin[];
  /** Blocks of each measure, route and target. */
  readonly rounds: number;
}

export interface PathReport {
  readonly machine: Machine;
  readonly seed: number;
  readonly noise: Noise;
  readonly results: readonly Result[];
  readonly distributions: readonly Distribution[];
}

export interface PathListener {
  readonly onProgress: Progress;
  /** All figures of one measure from one origin, when it is done. */
  readonly onResults: (results: readonly Result[]) => void;
}

/** The same order of blocks in every run. */
const SEED = 20_480;

/** Measures the forwarding path, beside the direct path to a pod. Needs root. */
export async function benchPath(options: PathOptions, listener: PathListener): Promise<PathReport> {
  const stopExiting = exitOnSignals();
  const noise = new NoiseWatch();
  try {
    removeStaleNamespaces();
    const figures = await measureAll(options, listener);
    return { machine: thisMachine(), seed: SEED, noise: noise.stop(), ...figures };
  } finally {
    stopExiting();
  }
}

async function measureAll(
  options: PathOptions,
  listener: PathListener,
): Promise<Pick<PathReport, 'results' | 'distributions'>> {
  const { backends, rounds, endpoints, origins } = options;
  const results: Result[] = [];
  const distributions: Distribution[] = [];
  const routes = routesOf(backends);
  const random = seededRandom(SEED);
  const questions = options.services.map((services) => questionsOf(options, services));
  const timeLeft = new TimeLeft(questions.flat().map((it) => timeOf(it, routes.length, rounds)));
  for (const asked of questions) {
    const services = asked[0]?.services ?? 0;
    listener.onProgress(`${services} services: loading`);
    await Sites.with({ services, endpoints, routes, origins }, async (sites) => {
      for (const question of asked) {
        const about = `${question.measure} from ${question.origin}`;
        const onRound = (round: number): void =>
          listener.onProgress(`${services} services, ${timeLeft.text()}: ${about} ${round}/${rounds}`);
        const series = await measureQuestion(question, { sites, routes, rounds, random }, onRound);
        const found = resultsOf(question, series);
        results.push(...found);
        distributions.push(...distributionsOf(question, series));
        timeLeft.next();
        listener.onResults(found);
      }
    });
  }
  return { results, distributions };
}

function questionsOf({ endpoints, measures, origins }: PathOptions, services: number): Question[] {
  return measures.flatMap((measure) => origins.map((origin) => ({ services, endpoints, measure, origin })));
}
