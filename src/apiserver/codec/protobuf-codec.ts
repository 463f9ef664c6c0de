import type { Status } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import { encodeMessage } from '../protobuf/encode.ts';
import { bytesTag, frame, wrap, wrapParts } from '../protobuf/envelope.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import { LIST_META, STATUS } from '../schema/meta.ts';
import type { ChangeType } from '../storage/change.ts';
import { bookmarkMeta, type Codec, type ListMeta } from './codec.ts';
import { LastFrame } from './last-frame.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** application/vnd.kubernetes.protobuf. Remembers the bytes of an object without envelope, which lists are made of. */
export class ProtobufCodec implements Codec {
  readonly mediaType = PROTOBUF;
  readonly streamType = `${PROTOBUF};stream=watch`;
  readonly #resource: Resource;
  readonly #apiVersion: string;
  readonly #items = new WeakMap<KubeObject, Buffer>();
  readonly #lastFrame = new LastFrame();

  constructor(resource: Resource) {
    this.#resource = resource;
    this.#apiVersion = apiVersionOf(resource);
  }

  object(object: KubeObject): Uint8Array {
    return wrap(this.#apiVersion, this.#resource.kind, this.#item(object));
  }

  list(objects: readonly KubeObject[], metadata: ListMeta): Uint8Array {
    const meta = encodeMessage(LIST_META, metadata);
    const parts: Uint8Array[] = [bytesTag(1, meta.length), meta];
    for (const object of objects) {
      const item = this.#item(object);
      parts.push(bytesTag(2, item.length), item);
    }
    return Buffer.concat(wrapParts(this.#apiVersion, `${this.#resource.kind}List`, parts));
  }

  frame(type: ChangeType, object: KubeObject): Uint8Array {
    return this.#lastFrame.of(type, object, () => frame(type, this.object(object)));
  }

  bookmark(version: string, isInitialEnd: boolean): Uint8Array {
    const raw = encodeMessage(this.#resource.schema, { metadata: bookmarkMeta(version, isInitialEnd) });
    return frame('BOOKMARK', wrap(this.#apiVersion, this.#resource.kind, raw));
  }

  status(status: Status): Uint8Array {
    return protobufStatus(status);
  }

  errorFrame(status: Status): Uint8Array {
    return frame('ERROR', protobufStatus(status));
  }

  #item(object: KubeObject): Buffer {
    let item = this.#items.get(object);
    if (item === undefined) {
      item = encodeMessage(this.#resource.schema, this.#resource.view?.fromStored(object) ?? object);
      this.#items.set(object, item);
    }
    return item;
  }
}

/** A Status with its envelope. */
export function protobufStatus(status: Status): Buffer {
  return wrap('v1', 'Status', encodeMessage(STATUS, status));
}
