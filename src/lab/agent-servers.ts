import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { encodeAnswer, type ListenCommand } from './agent-protocol.ts';

const BACKLOG = 4096;
const UDP_BUFFER_BYTES = 4 * 1024 * 1024;

export type CloseServer = () => void;

/** Starts a server on each address; ready for requests when it resolves. Gives what closes them. */
export async function listen({ protocol, addresses, port, name }: ListenCommand): Promise<CloseServer[]> {
  const start = protocol === 'TCP' ? listenTcp : listenUdp;
  return await Promise.all(
    addresses.map((address) => start(address, port, name.replace('{address}', address))),
  );
}

async function listenTcp(host: string, port: number, name: string): Promise<CloseServer> {
  const server = createServer((socket) => answerHttp(socket, name));
  server.listen({ host, port, backlog: BACKLOG });
  await once(server, 'listening');
  return () => server.close();
}

/**
 * Answers whatever is asked with HTTP, so that curl understands it, by hand: node:http takes three times as long
 * for one request on a new connection.
 */
function answerHttp(socket: Socket, name: string): void {
  // Clients reset the connection once they have the answer.
  socket.on('error', () => socket.destroy());
  socket.once('data', () => {
    const body = encodeAnswer(name, socket.remoteAddress, socket.remotePort);
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    socket.end(`${head}Connection: close\r\n\r\n${body}`);
  });
}

async function listenUdp(address: string, port: number, name: string): Promise<CloseServer> {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: UDP_BUFFER_BYTES });
  socket.on('message', (_message, from) => {
    socket.send(encodeAnswer(name, from.address, from.port), from.port, from.address, () => {});
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  return () => socket.close();
}
