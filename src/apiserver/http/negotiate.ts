/** Which representation an answer takes, by the request's Accept. */
import type { Codec } from '../codec/codec.ts';
import { JsonCodec } from '../codec/json-codec.ts';
import { PROTOBUF, ProtobufCodec } from '../codec/protobuf-codec.ts';
import { type IncludeObject, TableCodec } from '../codec/table-codec.ts';
import { notAcceptable } from '../errors.ts';
import type { Resource } from '../resources/resource.ts';

const JSON_TYPE = 'application/json';

/** A media type with its parameters, lower case: `application/json` with `as` = `table`. */
interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The media ranges of an Accept header in the order of the client's wishes. Without a header anything is fine. */
export function parseAccept(header: string | undefined): MediaRange[] {
  const parts = (header ?? '').split(',').map((part) => part.trim());
  const ranges = parts.filter((part) => part !== '').map(parseRange);
  return ranges.length === 0 ? [{ type: '*/*', parameters: new Map() }] : ranges;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const pairs = parameters.map((parameter): [string, string] => {
    const [name = '', value = ''] = parameter.split('=');
    return [name.toLowerCase(), value];
  });
  return { type: type.toLowerCase(), parameters: new Map(pairs) };
}

/** Whether errors go out as protobuf. */
export function prefersProtobuf(header: string | undefined): boolean {
  return parseAccept(header)[0]?.type === PROTOBUF;
}

/** Codecs of all resources; they live as long as the server, because they remember bytes. */
export class Codecs {
  readonly #json = new Map<string, JsonCodec>();
  readonly #protobuf = new Map<string, ProtobufCodec>();
  readonly #now: () => number;
  /** A fault switch: be a server that has never heard of protobuf. */
  isProtobufDisabled = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The first representation that the client names and the resource has. Throws 406. */
  negotiate(resource: Resource, accept: string | undefined, include: IncludeObject): Codec {
    for (const range of parseAccept(accept)) {
      const codec = this.#codecOf(resource, range, include);
      if (codec !== undefined) return codec;
    }
    const hasProtobuf = resource.hasProtobuf && !this.isProtobufDisabled;
    throw notAcceptable([JSON_TYPE, ...(hasProtobuf ? [PROTOBUF] : [])]);
  }

  #codecOf(resource: Resource, { type, parameters }: MediaRange, include: IncludeObject): Codec | undefined {
    const as = parameters.get('as');
    if (type === JSON_TYPE && as === 'Table') {
      return parameters.get('v') === 'v1' ? new TableCodec(resource, include, this.#now) : undefined;
    }
    if (as !== undefined) return undefined;
    if (type === PROTOBUF) return this.#protobufOf(resource);
    const isJson = type === JSON_TYPE || type === 'application/*' || type === '*/*';
    return isJson ? remembered(this.#json, resource, () => new JsonCodec(resource)) : undefined;
  }

  #protobufOf(resource: Resource): Codec | undefined {
    if (!resource.hasProtobuf || this.isProtobufDisabled) return undefined;
    return remembered(this.#protobuf, resource, () => new ProtobufCodec(resource));
  }
}

function remembered<T>(codecs: Map<string, T>, { id }: Resource, make: () => T): T {
  const codec = codecs.get(id) ?? make();
  codecs.set(id, codec);
  return codec;
}
