import { createServer } from 'node:net';

/** Whether the port can be listened on now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port nobody listens on now. Another process may still take it first: callers try again. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The first free port from `from` on, at most `tries` of them; else any free one. */
export async function nextFreePort(from: number, host = '127.0.0.1', tries = 100): Promise<number> {
  for (let port = from; port < from + tries && port <= 65_535; port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  return freePort(host);
}
