import { setTimeout as delay } from 'node:timers/promises';
import { WEB } from './cluster.ts';
import type { LogEntry } from './daemon.ts';
import type { Report } from './report.ts';
import { summary } from './scenes.ts';
import type { Stage } from './stage.ts';

const PERIOD_MS = 1000;
const ERROR_LEVEL = 50;

/** What a person can do from another terminal while the lab runs. */
export function invite(stage: Stage, report: Report): void {
  const inside = `${process.env['SUDO_USER'] === undefined ? '' : 'sudo '}ip netns exec`;
  const { client, node } = stage.network;
  report.heading('Try it from another terminal');
  report.line(`${inside} ${client.namespace} curl -s http://${WEB.IPv4}/`);
  report.line(`${inside} ${client.namespace} curl -s http://[${WEB.IPv6}]/`);
  report.line(`${inside} ${node.namespace} /usr/sbin/nft list table ip nodeplane`);
  report.line(`edit ${stage.manifests.fileOf(WEB)} and see the requests follow`);
  report.line();
}

/** Keeps asking the web service and shows who answers, until the signal. Rejects when the daemon ends. */
export async function live(stage: Stage, report: Report, signal: AbortSignal): Promise<void> {
  report.line('Live, Ctrl-C ends it:');
  stage.daemon.onLog((entry) => showEntry(entry, report));
  while (!signal.aborted) {
    if (stage.daemon.trouble !== undefined) throw new Error(stage.daemon.trouble);
    report.status(await summary(stage, stage.network.client));
    await delay(PERIOD_MS, undefined, { signal }).catch(() => {});
  }
  report.line();
}

function showEntry({ level = 0, msg = '', family, microseconds }: LogEntry, report: Report): void {
  const isTrouble = level >= ERROR_LEVEL;
  if (msg !== 'synced' && !isTrouble) return;
  report.status('');
  report.line(isTrouble ? `nodeplane says: ${msg}` : `${family} changed, synced in ${microseconds} us`);
}
