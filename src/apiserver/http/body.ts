/** Request bodies by their Content-Type: JSON, YAML (server-side apply), protobuf. */
import { parse as parseYaml } from 'yaml';
import { PROTOBUF } from '../codec/protobuf-codec.ts';
import { badRequest, unsupportedMediaType } from '../errors.ts';
import { isObject } from '../objects.ts';
import { decodeMessage } from '../protobuf/decode.ts';
import { unwrap } from '../protobuf/envelope.ts';
import type { Resource } from '../resources/resource.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { RESOURCES } from '../resources/resources.ts';
import { readMessage } from '../schema/read.ts';
import type { Message } from '../schema/schema.ts';
import type { PatchType } from '../store/patch.ts';
import type { Exchange } from './exchange.ts';

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function contentType(exchange: Exchange): string {
  return (exchange.header('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The object in a body. Throws 400 and 415. */
export async function readBody(exchange: Exchange, resource: Resource): Promise<unknown> {
  const type = contentType(exchange);
  const body = await exchange.body();
  if (type === 'application/json') return parseText(body.toString(), JSON.parse);
  if (type === 'application/yaml') return parseText(body.toString(), parseYaml);
  const takesProtobuf = messageOf(resource) !== undefined;
  if (type === PROTOBUF && takesProtobuf) return parseProtobuf(body);
  throw unsupportedMediaType(['application/json', 'application/yaml', ...(takesProtobuf ? [PROTOBUF] : [])]);
}

/** The options in the body of a DELETE, empty without a body. */
export async function readDeleteOptions(exchange: Exchange): Promise<Record<string, unknown>> {
  const body = await exchange.body();
  // Clients that speak protobuf send options in it, too; none of those matters enough to be read.
  if (body.length === 0 || contentType(exchange) === PROTOBUF) return {};
  const value = parseText(body.toString(), JSON.parse);
  return isObject(value) ? value : {};
}

/** A patch and its kind. Throws 400 and 415. */
export async function readPatch(exchange: Exchange): Promise<{ type: PatchType; body: unknown }> {
  const type = PATCH_TYPES[contentType(exchange)];
  const body = await exchange.body();
  if (type === undefined) throw unsupportedMediaType(Object.keys(PATCH_TYPES));
  return { type, body: parseText(body.toString(), type === 'apply' ? parseYaml : JSON.parse) };
}

function parseText(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseProtobuf(body: Buffer): unknown {
  try {
    const { apiVersion, kind, raw } = unwrap(body);
    const resource = RESOURCES.find((it) => it.kind === kind && apiVersionOf(it) === apiVersion);
    const message = resource && messageOf(resource);
    if (message === undefined) throw new Error(`no kind "${kind}" is registered for version "${apiVersion}"`);
    // Protobuf has zeros that JSON leaves out.
    return { ...readMessage(message, decodeMessage(message, raw)).value, apiVersion, kind };
  } catch (error) {
    throw badRequest(`error decoding the body: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function messageOf({ hasProtobuf, schema, bodyMessage }: Resource): Message | undefined {
  return hasProtobuf ? schema : bodyMessage;
}
