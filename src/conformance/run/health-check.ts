import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { familyOf } from '../../net/address.ts';
import type { HealthCheck, Vector } from '../vectors/vector.ts';
import type { Failure } from './check.ts';

/** Asks on every address of the node: wherever the service's check listens, it must answer as expected (HC-05). */
export async function runHealthCheck(
  { family, port, service, expect }: HealthCheck,
  { ips }: Vector['node'],
): Promise<Failure | undefined> {
  const addresses = ips.filter((ip) => familyOf(ip) === family);
  const isCounted = expect.listening && expect.localEndpoints !== undefined;
  const answers = await Promise.all(addresses.map((address) => ask(address, port, service, isCounted)));
  const heard = answers.filter((answer) => answer !== undefined);
  const expected = expect.listening ? answerText(expect.status, expect.localEndpoints) : NOT_LISTENING;
  const wrong = heard.find((answer) => answer !== expected);
  if (wrong !== undefined) return { expected, seen: wrong };
  if (heard.length === 0 && expect.listening) return { expected, seen: NOT_LISTENING };
  return undefined;
}

const NOT_LISTENING = 'not listening';
const PATIENCE_MS = 10_000;
const WEIGHT = 'x-load-balancing-endpoint-weight';

function answerText(status: number | undefined, localEndpoints: number | undefined): string {
  return localEndpoints === undefined
    ? `status ${status}`
    : `status ${status}, ${localEndpoints} local endpoints`;
}

/** What one address answers; undefined if nobody listens there. */
async function ask(
  address: string,
  port: number,
  service: string,
  isCounted: boolean,
): Promise<string | undefined> {
  let response: IncomingMessage;
  try {
    response = await request(address, port);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return undefined;
    throw error;
  }
  const body = await text(response);
  const weight = response.headers[WEIGHT];
  const fault = faultOf(body, weight, service);
  return fault ?? answerText(response.statusCode, isCounted ? Number(weight) : undefined);
}

function request(host: string, port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const silence = new Error(`${host} port ${port} does not answer`);
    const question = get({ host, port, path: '/healthz', agent: false, timeout: PATIENCE_MS }, resolve);
    question.on('timeout', () => question.destroy(silence)).on('error', reject);
  });
}

/** What is wrong with the form of an answer (HC-04). */
function faultOf(body: string, weight: string | string[] | undefined, service: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return `a body that is no JSON: ${body}`;
  }
  if (!isAnswer(parsed)) return `another body: ${body}`;
  const { namespace, name } = parsed.service;
  if (`${namespace}/${name}` !== service) return `the answer of ${namespace}/${name}`;
  return String(parsed.localEndpoints) === weight ? undefined : `weight ${weight}, but ${body}`;
}

interface Answer {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly localEndpoints: number;
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null || !('service' in value) || !('localEndpoints' in value)) {
    return false;
  }
  const { service } = value;
  return typeof service === 'object' && service !== null && 'namespace' in service && 'name' in service;
}
