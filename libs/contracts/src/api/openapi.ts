import { z } from 'zod';
import { localised, type Locale } from '#libs/kernel';
import { PROGRAM_ROUTES } from './program-routes.js';
import type { ApiRoute } from './route.js';
import { API_ROUTES } from './routes.js';
import { problemDocument } from './shared.js';

type JsonSchema = Readonly<Record<string, unknown>>;
type Route = ApiRoute & { readonly operation: string };

const PROBLEM = { $ref: '#/components/schemas/Problem' };

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function parametersOf(route: Route): readonly unknown[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (route.query === undefined) return inPath;
  const { properties = {}, required = [] } = schemaOf(route.query, 'input') as {
    properties?: Record<string, unknown>;
    required?: readonly string[];
  };
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

function requestBodyOf({ body }: Route): JsonSchema {
  if (body === undefined) return {};
  const content =
    body === 'ndjson'
      ? { 'application/x-ndjson': { schema: { type: 'string' } } }
      : { 'application/json': { schema: schemaOf(body, 'input') } };
  return { requestBody: { required: true, content } };
}

function answersOf(route: Route): JsonSchema {
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: PROBLEM } },
  });
  const good =
    route.response === 'redirect'
      ? { 302: { description: 'redirect' } }
      : {
          200: {
            description: 'done',
            content: { 'application/json': { schema: schemaOf(route.response, 'output') } },
          },
        };
  const refused = route.roles.includes('anyone')
    ? {}
    : { 401: problem('not signed in'), 403: problem('not allowed to this role') };
  return { ...good, ...refused, default: problem('refused or failed') };
}

/** Programs have no session. */
function securityOf({ roles }: Route): readonly JsonSchema[] {
  const isForPrograms = roles.every((role) => role === 'machine');
  return isForPrograms ? [{ key: [] }] : [{ session: [] }, { key: [] }];
}

function operationOf(route: Route, locale: Locale): JsonSchema {
  const isOpen = route.roles.includes('anyone');
  return {
    operationId: route.operation,
    summary: localised(route.summary, locale),
    'x-roles': route.roles,
    security: isOpen ? [] : securityOf(route),
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: answersOf(route),
  };
}

/** The OpenAPI 3.1 document of every route, from the schemas that the server itself checks with. */
export function openApiDocument(options: {
  readonly version: string;
  readonly locale: Locale;
}): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of [...API_ROUTES, ...PROGRAM_ROUTES]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route, options.locale);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Relance', version: options.version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemDocument, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'relance_session' },
        key: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}
