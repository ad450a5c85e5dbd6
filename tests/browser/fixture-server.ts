import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_ROUTES, type Role } from '#libs/contracts';
import { sendFile } from './static-files.js';
import type { Say } from './fixtures/common.js';
import { EMPTY, FULL, type Mode } from './fixtures/index.js';
import { meAs } from './fixtures/session.js';

/** The console's API played from fixtures, and its built files, on a port of its own. */
export interface FixtureServer {
  readonly url: string;
  /** Set by each test before it opens a page. */
  mode: Mode;
  role: Exclude<Role, 'machine'> | 'nobody';
  /** Requests and answers that the inventory's schemas refuse. */
  readonly refused: string[];
  /** Every request for data, `GET /api/today`. */
  readonly asked: string[];
  /** What was asked to be done. */
  readonly bodies: { operation: string; params: Readonly<Record<string, string>>; body: unknown }[];
  /** Added to the people who wait on the step `came_back`. */
  bump: number;
  close(): Promise<void>;
}

const ROUTES = API_ROUTES.map((route) => ({
  ...route,
  names: [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
  pattern: new RegExp(`^${route.path.replace(/:\w+/g, '([^/]+)')}$`),
}));

type Route = (typeof ROUTES)[number];

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly fr: string;
  readonly en: string;
  readonly hintFr: string;
  readonly hintEn: string;
}

const DOWN: Problem = {
  status: 503,
  code: 'RLN-2017',
  fr: 'Le moteur n’est pas en état de répondre à cela pour l’instant.',
  en: 'The engine is not able to answer this for now.',
  hintFr: 'Réessayez dans un instant.',
  hintEn: 'Try again in a moment.',
};
const STRANGER: Problem = {
  status: 401,
  code: 'RLN-2106',
  fr: 'L’adresse ou le mot de passe est faux.',
  en: 'The e-mail or the password is wrong.',
  hintFr: 'Vérifiez la saisie.',
  hintEn: 'Check what you typed.',
};

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, problem: Problem, say: Say): void {
  sendJson(response, problem.status, {
    type: `urn:relance:problem:${problem.code}`,
    title: say(problem.fr, problem.en),
    status: problem.status,
    code: problem.code,
    detail: say(problem.fr, problem.en),
    hint: say(problem.hintFr, problem.hintEn),
  });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function routeOf(method: string, path: string) {
  for (const route of ROUTES) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match === null) continue;
    const values = route.names.map((name, index) => [
      name,
      decodeURIComponent(match[index + 1] ?? ''),
    ]);
    return { route, params: Object.fromEntries(values) as Record<string, string> };
  }
  return undefined;
}

/** Tells a request that the server would refuse. */
function faultOf(route: Route, url: URL, body: unknown): string | undefined {
  const query = Object.fromEntries(url.searchParams);
  const { query: querySchema, body: bodySchema } = route;
  const faults = [
    querySchema === undefined ? undefined : querySchema.strict().safeParse(query).error,
    typeof bodySchema === 'object' ? bodySchema.safeParse(body).error : undefined,
  ];
  return faults.find((fault) => fault !== undefined)?.message;
}

function answer(server: FixtureServer, request: IncomingMessage, body: unknown) {
  const url = new URL(request.url ?? '/', server.url);
  const say: Say = (fr, en) => (request.headers['accept-language']?.startsWith('en') ? en : fr);
  const found = routeOf(request.method ?? 'GET', url.pathname);
  server.asked.push(`${request.method} ${url.pathname}${url.search}`);
  if (found === undefined) return { status: 404, say, value: undefined };
  const { route, params } = found;
  const fault = faultOf(route, url, body);
  if (fault !== undefined) server.refused.push(`${route.operation}: ${fault}`);
  if (body !== undefined) server.bodies.push({ operation: route.operation, params, body });
  const isSession = ['me', 'signIn', 'signOut'].includes(route.operation);
  if (isSession && server.role === 'nobody') return { status: 401, say, value: undefined };
  if (route.operation === 'signOut') return { status: 200, say, value: { done: true } };
  if (isSession && server.role !== 'nobody') {
    return { status: 200, say, value: meAs(server.role) };
  }
  if (server.mode === 'failing') return { status: 503, say, value: undefined };
  const fixtures = server.mode === 'empty' ? EMPTY : FULL;
  const value = fixtures[route.operation]?.(say, { ...params, bump: String(server.bump) });
  if (typeof route.response === 'object') {
    const checked = route.response.safeParse(value);
    if (!checked.success)
      server.refused.push(`${route.operation} answers: ${checked.error.message}`);
  }
  return { status: 200, say, value };
}

/** Serves the console built in a folder, and its API from fixtures. */
export async function startFixtureServer(root: string): Promise<FixtureServer> {
  const http = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: FixtureServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mode: 'full',
    role: 'admin',
    refused: [],
    asked: [],
    bodies: [],
    bump: 0,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', server.url);
    if (!pathname.startsWith('/api/')) return sendFile(root, pathname, response);
    const { status, say, value } = answer(server, request, await bodyOf(request));
    if (status === 401) return sendProblem(response, STRANGER, say);
    if (status !== 200) return sendProblem(response, DOWN, say);
    return sendJson(response, 200, value);
  }
  return server;
}
