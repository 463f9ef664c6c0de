/**
 * The fault switches over HTTP: POST /nodeplane-faults/SWITCH with a JSON body, for scripts and for people with
 * `kubectl create --raw` or curl. Answered without credentials and unaffected by the faults themselves.
 */
import { badRequest, noSuchPath } from '../errors.ts';
import { type Answer, type Exchange, jsonAnswer } from '../http/exchange.ts';
import { isObject, type JsonObject } from '../objects.ts';
import type { BrokenFrame } from './broken-frame.ts';
import type { Faults } from './faults.ts';

type Switch = (faults: Faults, body: JsonObject) => void | Promise<void>;

const SWITCHES: Readonly<Record<string, Switch>> = {
  reset: (faults) => faults.reset(),
  delay: (faults, body) => {
    faults.delayMs = numberOf(body, 'milliseconds', 0);
  },
  'fail-next': (faults, body) => faults.failNext(failureOf(body)),
  drop: (faults) => soon(() => faults.dropConnections()),
  stall: (faults) => soon(() => faults.stallConnections()),
  refuse: (faults, body) => soon(() => refuseFor(faults, numberOf(body, 'seconds', 5))),
  compact: (faults) => faults.compactHistory(),
  'end-watches': (faults) => faults.endWatches(),
  'fail-watches': (faults, body) => faults.failWatches(numberOf(body, 'code', 410)),
  'break-watches': (faults, body) => faults.breakWatches(brokenFrameOf(body)),
  'disable-watch-list': (faults) => {
    faults.isWatchListDisabled = true;
  },
  'disable-protobuf': (faults) => {
    faults.isProtobufDisabled = true;
  },
};

/** Answers a request to the switches. GET lists them. */
export async function serveFaults(exchange: Exchange, faults: Faults): Promise<Answer> {
  const name = exchange.url.pathname.split('/')[2] ?? '';
  if (exchange.method === 'GET') return jsonAnswer({ switches: Object.keys(SWITCHES) });
  const flip = SWITCHES[name];
  if (flip === undefined || exchange.method !== 'POST') throw noSuchPath();
  await flip(faults, parseBody(await exchange.body()));
  return jsonAnswer({ switched: name });
}

function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (isObject(value)) return value;
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest('the body of a fault switch is a JSON object');
}

/** After the answer has left, as it goes over the connections that the fault hits. */
function soon(act: () => unknown): void {
  setTimeout(act, 50).unref();
}

async function refuseFor(faults: Faults, seconds: number): Promise<void> {
  await faults.refuseConnections();
  setTimeout(() => void faults.acceptConnections(), seconds * 1000).unref();
}

function numberOf(body: JsonObject, name: string, fallback: number): number {
  const value = body[name] ?? fallback;
  if (typeof value !== 'number') throw badRequest(`${name}: ${JSON.stringify(value)} is not a number`);
  return value;
}

function failureOf(body: JsonObject): Parameters<Faults['failNext']>[0] {
  const { path, retryAfterSeconds } = body;
  return {
    code: numberOf(body, 'code', 500),
    count: numberOf(body, 'count', 1),
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  };
}

function brokenFrameOf({ kind = 'garbage' }: JsonObject): BrokenFrame {
  if (kind === 'truncated' || kind === 'oversized' || kind === 'garbage') return kind;
  throw badRequest(`kind: ${JSON.stringify(kind)} is not "truncated", "oversized" or "garbage"`);
}
