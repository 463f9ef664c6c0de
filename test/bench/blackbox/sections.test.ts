import test from 'ava';
import type { BlackboxReport } from '../../../src/bench/blackbox/blackbox.ts';
import type { Figures, Result } from '../../../src/bench/blackbox/result.ts';
import { blackboxSections } from '../../../src/bench/blackbox/sections.ts';
import { tableRow } from '../../../src/bench/blackbox/table.ts';

const estimate = (value: number) => ({ value, low: value, high: value });

function figures(latency: number): Figures {
  return {
    start: {
      n: 3,
      first_ms: estimate(400),
      all_ms: estimate(410),
      cpu_ms: estimate(300),
      memory_mb: estimate(60),
    },
    change: {
      n: 100,
      p50_us: estimate(latency),
      p90_us: estimate(latency * 2),
      p99_us: estimate(latency * 3),
      max_us: latency * 4,
      quantiles: [
        { percent: 0, value: latency / 2 },
        { percent: 50, value: latency },
        { percent: 100, value: latency * 4 },
      ],
      cpu_us: 100,
      memory_mb: 61,
      resolution_us: { p50: 200, max: 900 },
    },
  };
}

function result(daemon: string, services: number, latency: number): Result {
  return { daemon, services, endpoints: 10, failure: null, figures: figures(latency) };
}

const FAILED: Result = {
  daemon: 'peer',
  services: 1000,
  endpoints: 10,
  failure: { reason: 'ended by itself (code 7)', output: ['no such flag'] },
  figures: null,
};

function report(...results: readonly Result[]): BlackboxReport {
  const machine = { kernel: '6', cpu: 'x', cores: 2, memory_mb: 1000, node: 'v24', expedited_rcu: false };
  const noise = { steal_percent: 0, others_percent: 0, isNoisy: false, reasons: [] };
  return { machine, noise, seed: 1, daemons: [], results };
}

const [SECTION] = blackboxSections(
  report(result('nodeplane', 100, 600), result('peer', 100, 9000), result('nodeplane', 1000, 700), FAILED),
  'sudo nodeplane bench blackbox',
);

test('there is a curve for each daemon, with the sizes that it was measured with', (t) => {
  const [changes] = SECTION?.plots ?? [];
  t.is(changes?.kind, 'lines');
  if (changes?.kind !== 'lines') return;
  const curves = changes.series.map(({ name, points }) => [name, points.map((it) => [it.x, it.y.value])]);
  t.deepEqual(curves, [
    [
      'nodeplane',
      [
        [100, 600],
        [1000, 700],
      ],
    ],
    ['peer', [[100, 9000]]],
  ]);
});

test('the distribution is that of the largest size', (t) => {
  const shown = SECTION?.plots.find((plot) => plot.kind === 'distribution');
  t.deepEqual(
    shown?.series.map((it) => it.name),
    ['nodeplane'],
  );
});

test('a daemon that failed is told with its last output, not with figures', (t) => {
  const [all, failed] = SECTION?.tables ?? [];
  t.is(all?.rows.length, 3);
  t.deepEqual(failed?.rows, [['peer', 1000, 'ended by itself (code 7)', 'no such flag']]);
  t.is(tableRow(FAILED), '1000       peer              failed: ended by itself (code 7)\n    no such flag');
});

test('with nothing but failures there are no plots', (t) => {
  const [section] = blackboxSections(report(FAILED), '');
  t.deepEqual(section?.plots, []);
  t.deepEqual(section?.figures, []);
});
