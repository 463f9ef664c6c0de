/** A request from arrival to answer: faults, credentials, path, verb; and what goes wrong on the way, as a Status. */
import { PROTOBUF, protobufStatus } from '../codec/protobuf-codec.ts';
import { ApiError, internalError, noSuchPath, unauthorized } from '../errors.ts';
import { serveFaults } from '../faults/admin.ts';
import type { Faults } from '../faults/faults.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { prefersProtobuf } from './negotiate.ts';
import { parseTarget } from './route.ts';
import { serveOther } from './serve-other.ts';
import { type Backing, serveResource } from './serve-resource.ts';

/** Answers a request. Never throws: an error of ours is a 500 that names it. */
export async function handle(exchange: Exchange, backing: Backing, faults: Faults): Promise<void> {
  try {
    const answer = await answerTo(exchange, backing, faults);
    if (answer !== undefined) await exchange.send(answer);
  } catch (error) {
    await sendError(exchange, error, faults);
  }
}

async function answerTo(exchange: Exchange, backing: Backing, faults: Faults): Promise<Answer | undefined> {
  const path = exchange.url.pathname;
  if (path.startsWith('/nodeplane-faults')) return serveFaults(exchange, faults);
  await faults.intercept(path);
  if (!isAllowed(exchange, faults.token)) throw unauthorized();
  const target = parseTarget(path);
  if (target !== undefined) return serveResource(exchange, target, backing);
  const answer = serveOther(exchange);
  if (answer === undefined) throw noSuchPath();
  return answer;
}

function isAllowed(exchange: Exchange, token: string | undefined): boolean {
  const isHealth = /^\/(healthz|livez|readyz)/.test(exchange.url.pathname);
  return token === undefined || isHealth || exchange.header('authorization') === `Bearer ${token}`;
}

async function sendError(exchange: Exchange, error: unknown, faults: Faults): Promise<void> {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ApiError
      ? error
      : internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const status = known.status();
  const seconds = known.code === 504 ? undefined : known.details?.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  const isProtobuf = prefersProtobuf(exchange.header('accept')) && !faults.isProtobufDisabled;
  const answer = isProtobuf
    ? { status: known.code, mediaType: PROTOBUF, body: protobufStatus(status) }
    : jsonAnswer(status, known.code);
  await exchange.send({ ...answer, headers });
}
