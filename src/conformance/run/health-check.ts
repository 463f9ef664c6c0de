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
  const answers = await Promise.all(addresses.map((address) => ask(address, port, service)));
  const heard = answers.filter((answer) => answer !== undefined);
  const expected = describe(expect);
  const wrong = heard.find((answer) => answer !== expected);
  if (wrong !== undefined) return { expected, seen: wrong };
  if (heard.length === 0 && expect.listening) return { expected, seen: NOT_LISTENING };
  return undefined;
}

const NOT_LISTENING = 'not listening';
const WEIGHT = 'x-load-balancing-endpoint-weight';

function describe(expect: HealthCheck['expect']): string {
  if (!expect.listening) return NOT_LISTENING;
  return answerText(expect.status, expect.localEndpoints);
}

function answerText(status: number | undefined, localEndpoints: number | undefined): string {
  return `status ${status}, ${localEndpoints} local endpoints`;
}

/** What one address answers; undefined if nobody listens there. */
async function ask(address: string, port: number, service: string): Promise<string | undefined> {
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
  return fault ?? answerText(response.statusCode, Number(weight));
}

function request(host: string, port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/healthz', agent: false, timeout: 5000 }, resolve)
      .on('timeout', function (this: import('node:http').ClientRequest) {
        this.destroy(new Error(`${host} port ${port} does not answer`));
      })
      .on('error', reject);
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
