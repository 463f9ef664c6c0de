/** meta/v1 Status, the body of every error, as JSON has it (wire.md 4). */
import type { Fields } from '../fields.ts';
import type { WireReader } from './wire-reader.ts';

export function readStatus(wire: WireReader): Fields {
  let message: string | undefined;
  let reason: string | undefined;
  let code: number | undefined;
  let details: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 3) message = wire.string('message');
    else if (field === 4) reason = wire.string('reason');
    else if (field === 5) details = wire.message('details', readDetails);
    else if (field === 6) code = wire.int32('code');
    else wire.skip();
  }
  return { message, reason, code, details };
}

function readDetails(wire: WireReader): Fields {
  let retryAfterSeconds: number | undefined;
  const causes: Fields[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 4) causes.push(wire.message('causes', readCause, causes.length));
    else if (field === 5) retryAfterSeconds = wire.int32('retryAfterSeconds');
    else wire.skip();
  }
  return { retryAfterSeconds, causes };
}

function readCause(wire: WireReader): Fields {
  let reason: string | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) reason = wire.string('reason');
    else wire.skip();
  }
  return { reason };
}
