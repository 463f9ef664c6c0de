import type { Estimate } from '../common/estimate.ts';

const SYMBOLS: Readonly<Record<string, string>> = { us: 'µs', x: '×', percent: '%' };

/** Of an axis or a column: "µs" for "us". */
export function unitText(unit: string): string {
  return SYMBOLS[unit] ?? unit;
}

/** Three digits that count, or all of a whole number: more are noise. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** With its unit: "1.04×", "52.3 µs". */
export function valueText(value: number, unit: string): string {
  if (unit === '') return numberText(value);
  return unit === 'x' ? `${numberText(value)}×` : `${numberText(value)} ${unitText(unit)}`;
}

/** "1.02 to 1.06"; undefined if the interval is a point, which is one that nobody estimated. */
export function intervalText({ low, high }: Estimate): string | undefined {
  return low === high ? undefined : `${numberText(low)} to ${numberText(high)}`;
}
