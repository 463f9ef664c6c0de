/** The ways to reach a server: HTTP/2 and HTTP/1.1 over TLS, a proxy, compressed answers, and what goes wrong on them. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server as NetServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { credentialsOf } from '../../../src/kubernetes/config/credentials.ts';
import { ApiClient } from '../../../src/kubernetes/http/api-client.ts';
import { readBody } from '../../../src/kubernetes/http/read-body.ts';
import type { HttpResponse } from '../../../src/kubernetes/http/transport.ts';
import { transportOf } from '../../../src/kubernetes/http/transport-of.ts';
import { CERTIFICATE } from '../certificate.ts';

const TIMINGS = { answer: 1000, silence: 300, pingAfter: 1000, pingAnswer: 1000 };

async function listening(t: ExecutionContext, server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

interface ClusterFields {
  readonly caData?: string;
  readonly proxyUrl?: string;
  readonly skipTLSVerify?: boolean;
}

const TRUSTED: ClusterFields = { caData: Buffer.from(CERTIFICATE.cert).toString('base64') };

function clientOf(t: ExecutionContext, server: string, cluster: ClusterFields = TRUSTED): ApiClient {
  const user = { name: 'u', token: 'abc' };
  const config = { cluster: { name: 'c', server, skipTLSVerify: false, ...cluster }, user };
  const credentials = credentialsOf(config, 0);
  const transport = transportOf(config, credentials, TIMINGS);
  const client = new ApiClient({ server: new URL(server), transport, credentials, userAgent: 'test' });
  t.teardown(() => client.close());
  return client;
}

function get(client: ApiClient, path: string, signal = new AbortController().signal): Promise<HttpResponse> {
  return client.get({ path, headers: { accept: 'text/plain' }, signal });
}

async function textOf({ body }: HttpResponse): Promise<string> {
  return (await readBody(body, 1000)).toString();
}

/** Says what it was asked. */
const echo: RequestListener = (request, response) => {
  response.end(
    `${request.httpVersion} ${request.url} ${request.headers.authorization} ${request.headers['user-agent']}`,
  );
};

test('HTTP/2 where the server has it', async (t) => {
  const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, (request, response) => {
    response.end(`${request.httpVersion} ${request.url} ${request.headers.authorization}`);
  });
  const client = clientOf(t, `https://127.0.0.1:${await listening(t, server)}`);
  const texts = await Promise.all([1, 2, 3].map(async (it) => textOf(await get(client, `/${it}?a=b`))));
  t.deepEqual(texts, ['2.0 /1?a=b Bearer abc', '2.0 /2?a=b Bearer abc', '2.0 /3?a=b Bearer abc']);
});

test('HTTP/1.1 where not', async (t) => {
  const server = createHttpsServer(CERTIFICATE, echo);
  const client = clientOf(t, `https://127.0.0.1:${await listening(t, server)}/prefix/`);
  t.is(await textOf(await get(client, '/a')), '1.1 /prefix/a Bearer abc test');
  t.is(await textOf(await get(client, '/b')), '1.1 /prefix/b Bearer abc test');
});

test('no TLS', async (t) => {
  const client = clientOf(t, `http://127.0.0.1:${await listening(t, createHttpServer(echo))}`);
  t.is(await textOf(await get(client, '/a')), '1.1 /a Bearer abc test');
});

test('a certificate that nobody vouches for', async (t) => {
  const port = await listening(t, createHttpsServer(CERTIFICATE, echo));
  const distrustful = clientOf(t, `https://127.0.0.1:${port}`, {});
  await t.throwsAsync(get(distrustful, '/'), {
    message: /^Cannot reach https:\/\/127.*: self-signed certificate/,
  });
  const careless = clientOf(t, `https://127.0.0.1:${port}`, { skipTLSVerify: true });
  t.is((await get(careless, '/')).status, 200);
});

test('through a proxy', async (t) => {
  const port = await listening(t, createHttpsServer(CERTIFICATE, echo));
  const asked: (string | undefined)[] = [];
  const proxy = createHttpServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url);
    const target = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    target.pipe(socket).pipe(target);
    for (const end of [socket, target]) end.on('error', () => end.destroy());
  });
  const proxyUrl = `http://127.0.0.1:${await listening(t, proxy)}`;
  const client = clientOf(t, `https://127.0.0.1:${port}`, { ...TRUSTED, proxyUrl });
  t.is(await textOf(await get(client, '/a')), '1.1 /a Bearer abc test');
  t.deepEqual(asked, [`127.0.0.1:${port}`]);
});

test('a kind of proxy that is not supported', (t) => {
  t.throws(() => clientOf(t, 'https://127.0.0.1', { proxyUrl: 'socks5://p' }), {
    message: /socks5:\/\/p is not supported/,
  });
});

test('a compressed answer, and one that is cut off', async (t) => {
  const bytes = gzipSync('hello');
  const server = createHttpServer((request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(request.url === '/cut' ? bytes.subarray(0, 15) : bytes);
  });
  const client = clientOf(t, `http://127.0.0.1:${await listening(t, server)}`);
  t.is(await textOf(await get(client, '/whole')), 'hello');
  await t.throwsAsync(async () => textOf(await get(client, '/cut')), { message: /unexpected end of file/ });
});

test('an answer without end', async (t) => {
  const server = createHttpServer((_, response) => response.end(Buffer.alloc(1001)));
  const client = clientOf(t, `http://127.0.0.1:${await listening(t, server)}`);
  await t.throwsAsync(async () => textOf(await get(client, '/')), { message: /longer than 1000 bytes/ });
});

for (const isTls of [false, true]) {
  const name = isTls ? 'HTTP/2' : 'HTTP/1.1';
  const start = async (
    t: ExecutionContext,
    listener: (response: { write(text: string): unknown }) => void,
  ) => {
    const server = isTls
      ? createSecureServer(CERTIFICATE, (_, response) => listener(response))
      : createHttpServer((_, response) => listener(response));
    return clientOf(t, `${isTls ? 'https' : 'http'}://127.0.0.1:${await listening(t, server)}`);
  };

  test(`${name}: a server that does not answer`, async (t) => {
    const client = await start(t, () => {});
    await t.throwsAsync(get(client, '/'), { message: /no answer within 1 s$/ });
  });

  test(`${name}: a body that falls silent`, async (t) => {
    const client = await start(t, (response) => response.write('a'));
    const answer = await get(client, '/');
    await t.throwsAsync(textOf(answer), { message: 'nothing was read for 0.3 s' });
  });

  test(`${name}: a request that is not wanted any more`, async (t) => {
    const client = await start(t, (response) => response.write('a'));
    const abort = new AbortController();
    const answer = await get(client, '/', abort.signal);
    setTimeout(() => abort.abort(), 50);
    await t.throwsAsync(textOf(answer));
    await t.throwsAsync(get(client, '/', abort.signal), { name: 'AbortError' });
  });
}

test('an error with words that are no Status', async (t) => {
  const server = createHttpServer((_, response) => {
    response.writeHead(503, { 'retry-after': '7', 'content-type': 'text/html' });
    response.end('<h1>Maintenance</h1>');
  });
  const client = clientOf(t, `http://127.0.0.1:${await listening(t, server)}`);
  await t.throwsAsync(get(client, '/'), { name: 'ApiError', message: '503: <h1>Maintenance</h1>' });
});
