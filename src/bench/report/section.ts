import type { Estimate } from '../common/estimate.ts';
import type { Noise } from '../common/noise.ts';

/** A chapter of the page that `--report` writes: one benchmark, or one question that it answers. */
export interface Section {
  readonly title: string;
  /** What was measured and how, one paragraph of plain text. */
  readonly about: string;
  /** The exact command that measures this again. */
  readonly command: string;
  /** Whether the machine was quiet enough meanwhile; missing if nobody watched. */
  readonly noise?: Noise;
  /** The few figures that one would quote, printed large. */
  readonly figures?: readonly KeyFigure[];
  readonly plots: readonly Plot[];
  readonly tables: readonly Table[];
}

export interface KeyFigure {
  /** As in "one endpoint replaced, p50, 10,000 services". */
  readonly label: string;
  readonly value: number | Estimate;
  /** As in an axis. */
  readonly unit: string;
}

export type Plot = LinesPlot | BarsPlot | DistributionPlot;

/** How a value grows, for example a latency with the number of services. */
export interface LinesPlot {
  readonly kind: 'lines';
  readonly title: string;
  /** One sentence below the title that says how to read it, or what limit applies. */
  readonly note?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly LineSeries[];
}

export interface LineSeries extends Named {
  /** By growing x. The interval is drawn as a band; where `low` and `high` are `value`, there is none. */
  readonly points: readonly { readonly x: number; readonly y: Estimate }[];
}

/** Values side by side, each with its interval: ratios to something, or latencies of different programs. */
export interface BarsPlot {
  readonly kind: 'bars';
  readonly title: string;
  readonly note?: string;
  readonly axis: Axis;
  /** A line across all bars, for example at 1 where bars are ratios to the direct path. */
  readonly reference?: { readonly label: string; readonly value: number };
  readonly groups: readonly {
    /** Printed once above the bars of the group; may be empty if there is one group. */
    readonly title: string;
    readonly bars: readonly (Named & { readonly value: Estimate })[];
  }[];
}

/** Latencies by percentile, up to the rarest: the tail is drawn as wide as the middle. */
export interface DistributionPlot {
  readonly kind: 'distribution';
  readonly title: string;
  readonly note?: string;
  /** Of the latencies. */
  readonly y: Axis;
  readonly series: readonly (Named & { readonly quantiles: readonly Quantile[] })[];
}

/** So many percent of all samples are at most `value`. See quantiles.ts. */
export interface Quantile {
  readonly percent: number;
  readonly value: number;
}

/** The same name has the same colour in all plots of a section. */
export interface Named {
  readonly name: string;
  /** Drawn in grey, and dashed where it is a line: the floor, the direct path, what others are compared with. */
  readonly isReference?: boolean;
}

export interface Axis {
  /** As in "services" or "p50 latency". */
  readonly label: string;
  /** As in "us", "ms", "MB", "x"; empty for plain numbers. Printed as µs and × where it means that. */
  readonly unit: string;
  /** Default: linear, from 0. */
  readonly scale?: 'linear' | 'log';
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly title: string;
  /** As in an axis; default: none. */
  readonly unit?: string;
}

/** null: there is no such figure, for a reason that the table or the section tells. Text is set to the left. */
export type Cell = string | number | Estimate | null;
