/**
 * Prints whom sockets say that they talk with: `peers.ts ADDRESS PORT`, as JSON. TCP by getpeername(), unconnected and
 * connected UDP by the sender of the answer. And whether the kernel knows the TCP socket to be connected to ADDRESS.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { addressWords } from '../../../src/net/address.ts';

const [address = '', portText] = process.argv.slice(2);
const port = Number(portText);
const version = address.includes(':') ? '6' : '';

async function peerOfTcp(): Promise<{ tcp: string; isConnectedToIt: boolean }> {
  const socket = connect(port, address);
  await once(socket, 'connect');
  const sockets = await readFile(`/proc/self/net/tcp${version}`, 'utf8');
  const tcp = `${socket.remoteAddress} ${socket.remotePort}`;
  socket.resetAndDestroy();
  return { tcp, isConnectedToIt: sockets.includes(` ${hexOf(address)}:`) };
}

/** As /proc/net/tcp has it: words as the CPU reads them. */
function hexOf(text: string): string {
  const hex = (word: number): string =>
    word
      .toString(16)
      .padStart(8, '0')
      .replace(/(..)(..)(..)(..)/, '$4$3$2$1');
  return (addressWords(text) ?? []).map(hex).join('').toUpperCase();
}

async function senderOfAnswer(send: (socket: Socket) => void): Promise<string> {
  const socket = createSocket(version === '6' ? 'udp6' : 'udp4');
  const answer = new Promise<RemoteInfo>((resolve) => socket.once('message', (_, from) => resolve(from)));
  send(socket);
  const from = await answer;
  socket.close();
  return `${from.address} ${from.port}`;
}

const peers = {
  ...(await peerOfTcp()),
  unconnected: await senderOfAnswer((socket) => socket.send('who', port, address)),
  connected: await senderOfAnswer((socket) => socket.connect(port, address, () => socket.send('who'))),
};
process.stdout.write(JSON.stringify(peers));
