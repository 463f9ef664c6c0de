import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TransportTimings } from './transport.ts';

/** Checks per idle limit: how exactly the limit is kept. */
const CHECKS = 3;

/**
 * Notices when the other end is gone without a word: pings it when nothing was read for a while, and ends the session
 * if that is not answered. TCP alone would take a quarter of an hour.
 */
export function watchConnection(
  session: ClientHttp2Session,
  socket: Socket,
  timings: TransportTimings,
): void {
  const { pingAfter, pingAnswer } = timings;
  let bytesRead = socket.bytesRead;
  let silentChecks = 0;
  const timer = setInterval(() => {
    silentChecks = socket.bytesRead === bytesRead ? silentChecks + 1 : 0;
    bytesRead = socket.bytesRead;
    if (silentChecks !== CHECKS) return;
    const deadline = setTimeout(() => {
      session.destroy(new Error(`a ping was not answered within ${pingAnswer / 1000} s`));
    }, pingAnswer);
    session.ping(() => {
      clearTimeout(deadline);
      silentChecks = 0;
    });
  }, pingAfter / CHECKS);
  session.once('close', () => clearInterval(timer));
}
