import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeys, Capture, CaptureCaller, CaptureOutcome } from '#libs/application';
import { keyInHeaders } from '../http/access.js';
import { readJson } from '../http/body.js';
import { HttpRefusal } from '../http/problems.js';
import { allowBrowsers } from './cors.js';

/** What the capture routes work with. */
export interface CaptureRoutesOptions {
  readonly capture: Capture;
  readonly keys: AccessKeys;
  /** Known to browsers; behind a proxy only it tells whether they come by TLS. */
  readonly publicUrl: string;
}

/** Paths of single calls; the short ones are those of the browser's SDK. */
const CALLS: Readonly<Record<string, string>> = {
  '/v1/track': 'track',
  '/v1/identify': 'identify',
  '/v1/page': 'page',
  '/v1/screen': 'screen',
  '/v1/group': 'group',
  '/v1/alias': 'alias',
  '/v1/t': 'track',
  '/v1/i': 'identify',
  '/v1/p': 'page',
  '/v1/s': 'screen',
  '/v1/g': 'group',
  '/v1/a': 'alias',
};
const BATCHES = ['/v1/batch', '/v1/b', '/v1/import'];
const SETTINGS = '/v1/projects/:writeKey/settings';
/** Under which requests without a known key are counted. */
const UNKNOWN_SOURCE = 'unknown';
/** Read to the end a little past the limit, so that the caller hears why. */
const READ_MAX_BYTES = 2 * 1024 * 1024;

async function callerOf(
  request: FastifyRequest,
  body: unknown,
  keys: AccessKeys,
): Promise<CaptureCaller> {
  const inBody = (body as { writeKey?: unknown } | null)?.writeKey;
  const given = keyInHeaders(request) || (typeof inBody === 'string' ? inBody : '');
  const key = await keys.find(given);
  if (key === null) throw new HttpRefusal('RLN-2001');
  return { source: key.source, isProgram: key.kind === 'api' };
}

function answer(reply: FastifyReply, outcome: CaptureOutcome): FastifyReply {
  switch (outcome.kind) {
    case 'done':
      return reply.header('content-type', 'application/json').send(JSON.stringify(outcome.verdict));
    case 'malformed':
      throw new HttpRefusal('RLN-2002');
    case 'too_many':
      throw new HttpRefusal('RLN-2004');
    case 'slow_down':
      throw new HttpRefusal('RLN-2005', {}, outcome.waitSeconds);
    case 'unavailable':
      throw new HttpRefusal('RLN-2006', {}, 1);
  }
}

/** A caller without a key learns nothing more than that, whatever else is wrong. */
async function take(
  request: FastifyRequest,
  type: string | undefined,
  { capture, keys }: CaptureRoutesOptions,
): Promise<{ readonly caller: CaptureCaller; readonly outcome: CaptureOutcome | HttpRefusal }> {
  const body = request.body as Buffer | undefined;
  const read = await readJson(body, request.headers['content-encoding']);
  const caller = await callerOf(request, read.ok ? read.value.value : null, keys);
  if (!read.ok) return { caller, outcome: new HttpRefusal(read.error) };
  const outcome = await capture.take(
    {
      body: read.value.value,
      hasEscapes: read.value.hasEscapes,
      ...(type === undefined ? {} : { type }),
      // Only a page's own address tells of a person; a server's tells of a server.
      remoteIp: request.headers.origin === undefined ? undefined : request.ip,
    },
    caller,
  );
  return { caller, outcome };
}

function handlerFor(type: string | undefined, options: CaptureRoutesOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    let source = UNKNOWN_SOURCE;
    try {
      const { caller, outcome } = await take(request, type, options);
      ({ source } = caller);
      if (outcome instanceof HttpRefusal) throw outcome;
      return answer(reply, outcome);
    } catch (error) {
      if (error instanceof HttpRefusal) {
        options.capture.refused(source, error.code, request.routeOptions.url ?? '');
      }
      throw error;
    }
  };
}

/** Segment's protocol, and the settings its browser SDK asks for first. */
export function captureRoutes(scope: FastifyInstance, options: CaptureRoutesOptions): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: READ_MAX_BYTES },
    (_request, body, done) => done(null, body),
  );
  allowBrowsers(scope, [...Object.keys(CALLS), ...BATCHES, SETTINGS]);
  for (const [path, type] of Object.entries(CALLS)) scope.post(path, handlerFor(type, options));
  for (const path of BATCHES) scope.post(path, handlerFor(undefined, options));
  scope.get(SETTINGS, async (request, reply) => {
    const { writeKey } = request.params as { writeKey: string };
    if ((await options.keys.find(writeKey)) === null) throw new HttpRefusal('RLN-2008');
    return reply
      .header('cache-control', 'public, max-age=300')
      .send(settingsFor(request, writeKey, options.publicUrl));
  });
}

/** What `@segment/analytics-next` needs to send to this server and to nobody else. */
function settingsFor(request: FastifyRequest, writeKey: string, publicUrl: string): object {
  const known = new URL(publicUrl);
  const isKnown = request.host === known.host;
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost: `${request.host}/v1`,
        protocol: isKnown ? known.protocol.slice(0, -1) : request.protocol,
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: { track: { __default: { enabled: true, integrations: {} } } },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}
