import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { gatheringSocket } from './gathering-socket.js';

test('what is written in one turn leaves in one piece', async () => {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = gatheringSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.cork();
  socket.write('one ');
  socket.uncork();
  socket.write('two ');
  expect(socket.writableLength).toBe('one two '.length);
  const [echo] = (await once(socket, 'data')) as [Buffer];
  expect(echo.toString()).toBe('one two ');
  socket.write('three');
  const [later] = (await once(socket, 'data')) as [Buffer];
  expect(later.toString()).toBe('three');
  socket.destroy();
  server.close();
});
