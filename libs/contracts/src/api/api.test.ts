import { expect, it } from 'vitest';
import { openApiDocument } from './openapi.js';
import { PROGRAM_ROUTES } from './program-routes.js';
import { API_ROUTES } from './routes.js';

it('names each route once, in both languages, with roles', () => {
  const places = API_ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(places).size).toBe(places.length);
  for (const { roles, summary } of API_ROUTES) {
    expect(roles.length).toBeGreaterThan(0);
    expect(summary).toMatchObject({ fr: expect.any(String), en: expect.any(String) });
  }
});

it('documents every route from its schemas', () => {
  const document = openApiDocument({ version: '1', locale: 'fr' }) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; summary: string }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    [...API_ROUTES, ...PROGRAM_ROUTES].map(({ operation }) => operation).sort(),
  );
  expect(document.paths['/api/today']?.['get']?.summary).toBe('Aujourd’hui');
  expect(JSON.stringify(document)).toContain('"/api/people/{id}/timeline"');
});

it('documents what programs call, with the key alone', () => {
  const document = openApiDocument({ version: '1', locale: 'en' }) as {
    paths: Record<string, Record<string, { security: unknown; requestBody: unknown }>>;
  };
  const enrol = document.paths['/v1/scenarios/{id}/enrolments']?.['post'];
  expect(enrol?.security).toEqual([{ key: [] }]);
  expect(JSON.stringify(enrol?.requestBody)).toContain('"required":["profile","idempotencyKey"]');
});
