import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { type Answer, decodeAnswer, type ProbeCommand, type ProbeResult } from './agent-protocol.ts';

type Settle = (result: ProbeResult) => void;

/** Sends the requests, and gives the results in the order in which they were started. */
export async function probe(command: ProbeCommand): Promise<ProbeResult[]> {
  const once = command.protocol === 'TCP' ? probeTcp : probeUdp;
  const results: ProbeResult[] = [];
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started < command.count) {
      const index = started++;
      results[index] = await once(command);
    }
  };
  await Promise.all(Array.from({ length: Math.min(command.concurrency, command.count) }, worker));
  return results;
}

function probeTcp({ address, port, source, timeoutMs }: ProbeCommand): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, ...(source !== undefined && { localAddress: source }) });
    const settle = settleOnce(resolve, timeoutMs, () => {
      // A reset leaves no TIME_WAIT behind, so source ports do not run out after thousands of requests.
      socket.resetAndDestroy();
    });
    let text = '';
    socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk;
      const body = bodyOf(text);
      if (body !== undefined) settle(answerFrom(body));
    });
    socket.on('error', (error) => settle({ error: codeOf(error) }));
    socket.on('end', () => settle({ error: 'ECLOSED' }));
  });
}

/** The body of the answer once it is complete: it ends with a newline. */
function bodyOf(text: string): string | undefined {
  const start = text.indexOf('\r\n\r\n');
  return start >= 0 && text.endsWith('}\n') ? text.slice(start + 4) : undefined;
}

function probeUdp({ address, port, source, timeoutMs }: ProbeCommand): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const settle = settleOnce(resolve, timeoutMs, () => socket.close());
    socket.on('message', (message) => settle(answerFrom(message.toString())));
    socket.on('error', (error) => settle({ error: codeOf(error) }));
    // Connected, or the kernel would not tell of an ICMP error.
    const open = (): void => socket.connect(port, address, () => socket.send('who'));
    if (source === undefined) open();
    else socket.bind(0, source, open);
  });
}

/** Passes on the first result, or a time-out if there is none in time, and cleans up. */
function settleOnce(resolve: Settle, timeoutMs: number, cleanUp: () => void): Settle {
  let isSettled = false;
  const settle: Settle = (result) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    cleanUp();
    resolve(result);
  };
  const timer = setTimeout(() => settle({ error: 'ETIMEDOUT' }), timeoutMs);
  return settle;
}

function answerFrom(text: string): Answer | { error: string } {
  try {
    return decodeAnswer(text);
  } catch {
    return { error: `EPROTO: ${text}` };
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
