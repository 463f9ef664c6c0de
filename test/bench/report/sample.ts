import type { Estimate } from '../../../src/bench/common/estimate.ts';
import { quantilesOf } from '../../../src/bench/report/quantiles.ts';
import type { Section } from '../../../src/bench/report/section.ts';

/** Sections with all that a report may hold; the figures are made up. */
export const SAMPLE: readonly Section[] = [
  {
    title: 'Rule updates',
    about:
      'One endpoint of a random service replaced, from the object handed over until the kernel has committed it, beside the same kernel operation from a C program (the floor), in turns with it.',
    command: 'sudo nodeplane bench update --services 100,1000,10000,50000 --endpoints 1',
    noise: { steal_percent: 0.3, others_percent: 1.2, isNoisy: false, reasons: [] },
    figures: [
      { label: 'one endpoint replaced, p50, 10,000 services', value: estimate(52.4, 0.02), unit: 'us' },
      { label: 'times the floor', value: estimate(3.1, 0.03), unit: 'x' },
      { label: 'to load 50,000 services', value: 0.84, unit: 's' },
    ],
    plots: [
      {
        kind: 'lines',
        title: 'One endpoint replaced, by number of services',
        note: 'Flat is good: the time to change one endpoint should not depend on how many others there are.',
        x: { label: 'services', unit: '', scale: 'log' },
        y: { label: 'latency, p50', unit: 'us' },
        series: [
          growing('nftables', 48, 0.04),
          growing('memory', 21, 0.05),
          { ...growing('floor', 17, 0.02), isReference: true },
        ],
      },
      {
        kind: 'distribution',
        title: 'The whole distribution <10,000 services> & its tail',
        y: { label: 'latency', unit: 'us', scale: 'log' },
        series: [
          { name: 'nftables', quantiles: quantilesOf(latencies(48)) },
          { name: 'memory', quantiles: quantilesOf(latencies(21)) },
          { name: 'floor', isReference: true, quantiles: quantilesOf(latencies(17)) },
        ],
      },
    ],
    tables: [
      {
        title: 'All figures',
        columns: [
          { title: 'backend' },
          { title: 'services' },
          { title: 'change', unit: 'us' },
          { title: 'load', unit: 'ms' },
        ],
        rows: [
          ['nftables', 100, estimate(48.2, 0.02), 3.4],
          ['nftables', 50_000, estimate(54.1, 0.02), 842.6],
          ['memory', 100, estimate(21.3, 0.02), null],
        ],
      },
    ],
  },
  {
    title: 'The forwarding path',
    about:
      'A connection through a ClusterIP beside one to the pod itself, measured in turns in the same run.',
    command: 'sudo nodeplane bench path --services 1,30000',
    noise: {
      steal_percent: 7.2,
      others_percent: 0.4,
      isNoisy: true,
      reasons: ['the hypervisor took 7.2 % of the CPU time for others'],
    },
    plots: [
      {
        kind: 'bars',
        title: 'Connect and one byte, times the direct path',
        axis: { label: 'ratio of medians', unit: 'x' },
        reference: { label: 'direct', value: 1 },
        groups: [
          {
            title: 'ClusterIP from a pod',
            bars: [
              { name: 'first of 30,000', value: estimate(1.04, 0.01) },
              { name: 'last of 30,000', value: estimate(1.05, 0.02) },
            ],
          },
          {
            title: 'NodePort from outside',
            bars: [
              { name: 'first of 30,000', value: estimate(1.08, 0.05) },
              { name: 'last of 30,000', value: estimate(1.07, 0.03) },
            ],
          },
        ],
      },
      {
        kind: 'bars',
        title: 'Start until all services answer',
        note: 'A logarithmic axis.',
        axis: { label: 'time', unit: 'ms', scale: 'log' },
        groups: [
          {
            title: '',
            bars: [
              { name: 'nodeplane', value: estimate(420, 0.02) },
              { name: 'another proxy', value: estimate(9300, 0.1) },
            ],
          },
        ],
      },
    ],
    tables: [],
  },
  {
    title: 'Large numbers',
    about: 'They must not run into the label of their axis.',
    command: 'true',
    plots: [
      {
        kind: 'lines',
        title: 'Up to a million',
        x: { label: 'services', unit: '' },
        y: { label: 'latency', unit: 'us' },
        series: [growing('slow', 640_000, 0.2)],
      },
      {
        kind: 'distribution',
        title: 'Seven decades',
        y: { label: 'latency', unit: 'us', scale: 'log' },
        series: [{ name: 'wide', quantiles: quantilesOf([1, 20, 300, 4000, 50_000, 600_000, 7_000_000]) }],
      },
    ],
    tables: [
      {
        title: 'A long table',
        columns: [{ title: 'number' }, { title: 'square' }],
        rows: Array.from({ length: 40 }, (_, index) => [index, index ** 2]),
      },
    ],
  },
];

function estimate(value: number, spread: number): Estimate {
  return { value, low: value * (1 - spread), high: value * (1 + spread) };
}

function growing(name: string, base: number, spread: number) {
  const points = [100, 1000, 10_000, 50_000].map((x) => ({
    x,
    y: estimate(base * (1 + Math.log10(x) / 40), spread),
  }));
  return { name, points };
}

/** 2,000 of them, with a tail. */
function latencies(base: number): number[] {
  return Array.from({ length: 2000 }, (_, index) => base * (1 + index / 8000) + 3000 / (2001 - index) ** 1.2);
}
