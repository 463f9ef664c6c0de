import type { Status } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import type { ChangeType } from '../storage/change.ts';
import { bookmarkMeta, type Codec, type ListMeta } from './codec.ts';
import { LastFrame } from './last-frame.ts';

/** application/json. Remembers the bytes of an object without its kind, which lists leave out. */
export class JsonCodec implements Codec {
  readonly mediaType = 'application/json';
  readonly streamType = 'application/json';
  readonly #resource: Resource;
  readonly #items = new WeakMap<KubeObject, Buffer>();
  readonly #lastFrame = new LastFrame();
  readonly #head: Buffer;

  constructor(resource: Resource) {
    this.#resource = resource;
    const identity = JSON.stringify({ kind: resource.kind, apiVersion: apiVersionOf(resource) });
    this.#head = Buffer.from(`${identity.slice(0, -1)},`);
  }

  object(object: KubeObject): Uint8Array {
    return Buffer.concat([this.#head, this.#item(object).subarray(1), NEWLINE]);
  }

  list(objects: readonly KubeObject[], metadata: ListMeta): Uint8Array {
    const head = { kind: `${this.#resource.kind}List`, apiVersion: apiVersionOf(this.#resource), metadata };
    const parts: Buffer[] = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`)];
    for (const [index, object] of objects.entries()) {
      if (index > 0) parts.push(COMMA);
      parts.push(this.#item(object));
    }
    parts.push(LIST_END);
    return Buffer.concat(parts);
  }

  frame(type: ChangeType, object: KubeObject): Uint8Array {
    return this.#lastFrame.of(type, object, () => {
      const head = Buffer.from(`{"type":"${type}","object":`);
      return Buffer.concat([head, this.#head, this.#item(object).subarray(1), FRAME_END]);
    });
  }

  bookmark(version: string, isInitialEnd: boolean): Uint8Array {
    const { kind } = this.#resource;
    const object = {
      kind,
      apiVersion: apiVersionOf(this.#resource),
      metadata: bookmarkMeta(version, isInitialEnd),
    };
    return line({ type: 'BOOKMARK', object });
  }

  status(status: Status): Uint8Array {
    return line(status);
  }

  errorFrame(status: Status): Uint8Array {
    return line({ type: 'ERROR', object: status });
  }

  #item(object: KubeObject): Buffer {
    let item = this.#items.get(object);
    if (item === undefined) {
      const {
        apiVersion: _apiVersion,
        kind: _kind,
        ...rest
      } = this.#resource.view?.fromStored(object) ?? object;
      item = Buffer.from(JSON.stringify(rest));
      this.#items.set(object, item);
    }
    return item;
  }
}

const COMMA = Buffer.from(',');
const NEWLINE = Buffer.from('\n');
const LIST_END = Buffer.from(']}\n');
const FRAME_END = Buffer.from('}\n');

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
