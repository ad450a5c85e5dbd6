import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendFile } from './static-files.js';

/** The console's built files and the real API under one address, as the engine serves them. */
export async function startProxy(
  root: string,
  api: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    if (!path.startsWith('/api/')) {
      sendFile(root, path.split('?')[0] ?? '/', outgoing);
      return;
    }
    const { method = 'GET', headers } = incoming;
    const onward = ask(new URL(path, api), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
