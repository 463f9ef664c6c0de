import { parseArgs } from 'node:util';
import { runLab } from '../lab/lab.ts';

/** `nodeplane lab`: what `npm start` runs. */
export async function lab(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { once: { type: 'boolean', default: false } } });
  return runLab({ once: values.once });
}
