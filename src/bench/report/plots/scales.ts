import { type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale';
import type { Axis } from '../section.ts';
import { type Tick, tickText } from './frame.ts';

export interface Scale {
  /** Where a value is in the picture. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  /** The value at the start of the axis. */
  readonly start: number;
}

const LINEAR_TICKS = 6;

/** From the smallest to the largest value, and logarithmic if the axis is; linear ones are from 0. */
export function tightScale(axis: Axis, values: readonly number[], range: readonly [number, number]): Scale {
  if (axis.scale !== 'log') return scaleOf(axis, values, range);
  const [start, end] = [Math.min(...values), Math.max(...values)];
  // A single value stands in the middle.
  const scale = scaleLog(start === end ? [start / 2, end * 2] : [start, end], range);
  return { at: scale, ticks: ticksOf(scale), start };
}

/** From 0, or for a logarithmic axis from a round number below the smallest value, to one above the largest. */
export function scaleOf(axis: Axis, values: readonly number[], [from, to]: readonly [number, number]): Scale {
  return axis.scale === 'log' ? logScale(values, from, to) : linearScale(values, from, to);
}

function linearScale(values: readonly number[], from: number, to: number): Scale {
  const scale = scaleLinear([0, Math.max(...values, 0) || 1], [from, to]).nice(LINEAR_TICKS);
  const ticks = scale.ticks(LINEAR_TICKS).map((value) => ({ at: scale(value), text: tickText(value) }));
  return { at: scale, ticks, start: 0 };
}

function logScale(values: readonly number[], from: number, to: number): Scale {
  const positive = values.filter((value) => value > 0);
  const low = roundDown(Math.min(...positive));
  const high = roundUp(Math.max(...positive));
  const scale = scaleLog([low, high], [from, to]);
  return { at: (value) => scale(Math.max(value, low)), ticks: ticksOf(scale), start: low };
}

function ticksOf(scale: ScaleLogarithmic<number, number>): Tick[] {
  const labelled = hasRoom(scale) ? [1, 2, 5] : [1];
  return scale.ticks().map((value) => {
    const leading = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    return { at: scale(value), text: labelled.includes(leading) ? tickText(value) : '' };
  });
}

/** What labels need: width if they are side by side, height if they are above each other. */
const LABEL_WIDTH = 50;
const LABEL_HEIGHT = 16;

/** Whether 1, 2 and 5 of each decade can be labelled. */
function hasRoom(scale: ScaleLogarithmic<number, number>): boolean {
  const closest = Math.abs(scale(2) - scale(1));
  const [from = 0, to = 0] = scale.range();
  return closest >= (from < to ? LABEL_WIDTH : LABEL_HEIGHT);
}

const ROUND = [1, 2, 5, 10];

function roundDown(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return (ROUND.findLast((step) => step * decade <= value) ?? 1) * decade;
}

function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const above = (ROUND.find((step) => step * decade >= value) ?? 10) * decade;
  return above > roundDown(value) ? above : above * 10;
}
