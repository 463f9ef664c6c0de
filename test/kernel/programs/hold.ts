/**
 * Opens a connection and keeps it: `hold.ts ADDRESS PORT`. Prints a line when it stands; asks the server when a line
 * comes on stdin, and prints what the server calls itself.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

const [address, port] = process.argv.slice(2);
if (address === undefined) throw new Error('usage: hold.ts ADDRESS PORT');
const socket = connect(Number(port), address);
await once(socket, 'connect');
process.stdout.write('connected\n');
await once(process.stdin, 'data');
socket.write('GET / HTTP/1.0\r\n\r\n');
const { name }: { name: string } = JSON.parse((await text(socket)).split('\r\n\r\n')[1] ?? '{}');
process.stdout.write(`${name}\n`);
process.stdin.destroy();
