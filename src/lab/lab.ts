/**
 * `nodeplane lab`: nodeplane at work in a small network of namespaces of its own. Shows and checks what a service
 * proxy does, then stays up for a person to play with. All of it is removed at the end.
 */
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { invite, live } from './live.ts';
import { isStale, removeStaleNamespaces } from './namespaces.ts';
import { type LabIo, Report, STDOUT } from './report.ts';
import { SCENES } from './scenes.ts';
import { Stage } from './stage.ts';

const PREFIX = 'np-lab';
/** Ctrl-C, a service manager, a closed terminal. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface LabOptions {
  /** One pass, then the end: 0 if all that was shown was right. */
  readonly once: boolean;
}

/** Runs the lab until a signal, or one pass; gives the exit code. */
export async function runLab({ once }: LabOptions, io: LabIo = STDOUT): Promise<number> {
  const report = new Report(io);
  const ending = endingSignal();
  await removeStaleLabs();
  const start = performance.now();
  report.line('nodeplane lab: building a network of namespaces ...');
  const stage = await Stage.open(`${PREFIX}-${process.pid}`, path.join(tmpdir(), `${PREFIX}-${process.pid}`));
  try {
    report.line(`a node, 4 pods, a client and a host outside; nodeplane is ready (${secondsSince(start)})`);
    await show(stage, report, ending.signal);
    if (!once && !ending.signal.aborted) {
      invite(stage, report);
      await live(stage, report, ending.signal);
    }
  } catch (error) {
    report.check('the lab went on to the end', [error instanceof Error ? error.message : String(error)]);
  } finally {
    report.line('removing the network ...');
    await stage.close();
    ending.release();
  }
  conclude(report);
  return report.failures === 0 ? 0 : 1;
}

async function show(stage: Stage, report: Report, signal: AbortSignal): Promise<void> {
  for (const scene of SCENES) {
    if (signal.aborted) return;
    await scene(stage, report);
    if (stage.daemon.trouble !== undefined) throw new Error(stage.daemon.trouble);
  }
}

function conclude(report: Report): void {
  const { failures } = report;
  report.line(failures === 0 ? 'all that was shown was right' : `${failures} of the checks above failed`);
}

/** What labs left behind that were killed. */
async function removeStaleLabs(): Promise<void> {
  await removeStaleNamespaces(PREFIX);
  const folders = readdirSync(tmpdir()).filter((name) => isStale(name, PREFIX));
  for (const name of folders) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
}

/**
 * Aborts at the first signal, or when nobody reads the output any more; what comes later is not allowed
 * to interrupt the removal.
 */
function endingSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const name of ENDING) process.on(name, abort);
  process.stdout.on('error', abort);
  const release = (): void => {
    for (const name of ENDING) process.off(name, abort);
  };
  return { signal: controller.signal, release };
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
