import { createReadStream, existsSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a careful server sends with the console. */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** Sends a built file; a path that is none is a page of the console, answered with index.html. */
export function sendFile(root: string, path: string, response: ServerResponse): void {
  const wanted = join(root, normalize(path));
  const isFile = wanted.startsWith(root) && existsSync(wanted) && statSync(wanted).isFile();
  const file = isFile ? wanted : join(root, 'index.html');
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file).pipe(response);
}
