import { JsonCodec } from '../../apiserver/codec/json-codec.ts';
import { ProtobufCodec } from '../../apiserver/codec/protobuf-codec.ts';
import type { KubeObject } from '../../apiserver/objects.ts';
import { ENDPOINT_SLICES } from '../../apiserver/resources/network.ts';
import { FrameSplitter } from '../../kubernetes/messages/frame-splitter.ts';
import { LineSplitter } from '../../kubernetes/messages/line-splitter.ts';
import { decodeListPage } from '../../kubernetes/messages/list-page.ts';
import type { Splitter } from '../../kubernetes/messages/splitter.ts';
import { jsonWatchEvent, protobufWatchEvent } from '../../kubernetes/messages/watch-event.ts';
import { median } from '../common/statistics.ts';
import type { DecodeRequest, DecodeSpeeds, Form, Speed } from './messages.ts';
import { sliceManifest, uidOf } from './slices.ts';

/** Endpoints in all: a list of megabytes, whatever the size of a slice. */
const ENDPOINTS = 10_000;

/** The ways take turns often, so that noise of the machine hits all alike. */
const WARM_UP_ROUNDS = 15;
const ROUNDS = 21;
const ROUND_MS = 10;

/** What comes from a socket at once. */
const CHUNK_BYTES = 65_536;

const SLICE = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' } as const;

interface Bodies {
  readonly protobuf: Buffer;
  readonly json: Buffer;
}

/** How many objects a body has; everything in it has been read. */
type Decode = (body: Buffer) => number;

const WAYS: Readonly<Record<Form, Readonly<Record<keyof DecodeSpeeds, Decode>>>> = {
  list: {
    protobuf: (body) => decodeListPage(SLICE, 'protobuf', body).items.length,
    jsonParse: (body) => parsedItems(body).length,
    json: (body) => decodeListPage(SLICE, 'json', body).items.length,
  },
  watch: {
    protobuf: (body) => countMessages(body, new FrameSplitter(), protobufWatchEvent),
    jsonParse: (body) => countMessages(body, new LineSplitter(), (line) => JSON.parse(line.toString())),
    json: (body) => countMessages(body, new LineSplitter(), jsonWatchEvent),
  },
};

/** Measures how fast slices of one size are decoded. */
export function measureDecode({ form, endpoints }: DecodeRequest): DecodeSpeeds {
  const bodies = form === 'list' ? listOf(endpoints) : watchOf(endpoints);
  const { protobuf, jsonParse, json } = WAYS[form];
  const count = protobuf(bodies.protobuf);
  const counts = [jsonParse(bodies.json), json(bodies.json)];
  if (counts.some((other) => other !== count)) throw new Error(`${counts} objects are not ${count}`);
  const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => ({
    protobuf: secondsOf(protobuf, bodies.protobuf),
    jsonParse: secondsOf(jsonParse, bodies.json),
    json: secondsOf(json, bodies.json),
  })).slice(WARM_UP_ROUNDS);
  const speed = (way: keyof DecodeSpeeds, { length }: Buffer): Speed => {
    const seconds = median(rounds.map((round) => round[way]));
    return { objectsPerSecond: count / seconds, bytesPerSecond: length / seconds };
  };
  return {
    protobuf: speed('protobuf', bodies.protobuf),
    jsonParse: speed('jsonParse', bodies.json),
    json: speed('json', bodies.json),
  };
}

/** Seconds to decode a body once, the mean of as many as fit in a round. */
function secondsOf(decode: Decode, body: Buffer): number {
  const start = performance.now();
  let times = 0;
  while (performance.now() - start < ROUND_MS) {
    decode(body);
    times++;
  }
  return (performance.now() - start) / 1000 / times;
}

function parsedItems(body: Buffer): readonly unknown[] {
  const { items } = JSON.parse(body.toString()) as { items: readonly unknown[] };
  return items;
}

function countMessages(stream: Buffer, splitter: Splitter, decode: (message: Buffer) => unknown): number {
  let count = 0;
  for (let start = 0; start < stream.length; start += CHUNK_BYTES) {
    for (const message of splitter.push(stream.subarray(start, start + CHUNK_BYTES))) {
      if (decode(message) !== undefined) count++;
    }
  }
  return count;
}

function listOf(endpoints: number): Bodies {
  const slices = slicesOf(endpoints);
  const metadata = { resourceVersion: '1' };
  return {
    protobuf: Buffer.from(new ProtobufCodec(ENDPOINT_SLICES).list(slices, metadata)),
    json: Buffer.from(new JsonCodec(ENDPOINT_SLICES).list(slices, metadata)),
  };
}

function watchOf(endpoints: number): Bodies {
  const slices = slicesOf(endpoints);
  const protobuf = new ProtobufCodec(ENDPOINT_SLICES);
  const json = new JsonCodec(ENDPOINT_SLICES);
  return {
    protobuf: Buffer.concat(slices.map((slice) => protobuf.frame('MODIFIED', slice))),
    json: Buffer.concat(slices.map((slice) => json.frame('MODIFIED', slice))),
  };
}

/** As a server has them in store. */
function slicesOf(endpoints: number): KubeObject[] {
  return Array.from({ length: Math.ceil(ENDPOINTS / endpoints) }, (_, service) => {
    const numbers = Array.from({ length: endpoints }, (_, index) => service * endpoints + index);
    const { metadata, ...slice } = sliceManifest(service, numbers);
    const uid = uidOf('90', service);
    const written = {
      uid,
      resourceVersion: String(1000 + service),
      creationTimestamp: '2026-01-01T00:00:00Z',
    };
    return { ...SLICE, metadata: { ...metadata, ...written, generation: 1 }, ...slice };
  });
}
