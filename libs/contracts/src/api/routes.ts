import { z } from 'zod';
import {
  account,
  accountLine,
  accountsQuery,
  closeTaskBody,
  task,
  tasksQuery,
} from './accounts.js';
import { draftRoutes } from './draft-routes.js';
import { decision, decisionLine, decisionsQuery } from './decisions.js';
import { beforeRoutes } from './coverage.js';
import { operateRoutes } from './operate-routes.js';
import { operationRoutes } from './operation-routes.js';
import {
  explainQuery,
  explanation,
  peopleQuery,
  person,
  personHit,
  timeline,
  timelineQuery,
} from './people.js';
import { route, type ApiRoute } from './route.js';
import {
  scenarioDetail,
  scenarioPeopleQuery,
  scenarioPerson,
  scenarioSource,
  scenarioSummary,
  today,
} from './scenarios.js';
import {
  apiKey,
  me,
  newKey,
  newKeyBody,
  newUser,
  newUserBody,
  signInBody,
  user,
} from './session.js';
import { done, pageOf, ROLES } from './shared.js';

const MAKERS = ['marketer', 'admin'] as const;
const READERS = ['marketer', 'analyst', 'admin', 'machine'] as const;
const WITH_REPS = ['marketer', 'sales', 'admin'] as const;

const session = {
  me: route({
    method: 'GET',
    path: '/api/me',
    roles: ROLES,
    summary: { fr: 'Qui est connecté', en: 'Who is signed in' },
    response: me,
  }),
  signIn: route({
    method: 'POST',
    path: '/api/sign-in',
    roles: ['anyone'],
    summary: { fr: 'Se connecter', en: 'Sign in' },
    body: signInBody,
    response: me,
  }),
  signOut: route({
    method: 'POST',
    path: '/api/sign-out',
    roles: ROLES,
    summary: { fr: 'Se déconnecter', en: 'Sign out' },
    response: done,
  }),
  signInByLink: route({
    method: 'GET',
    path: '/api/sign-in/:token',
    roles: ['anyone'],
    summary: { fr: 'Se connecter par un lien à usage unique', en: 'Sign in by a one-time link' },
    response: 'redirect',
  }),
  users: route({
    method: 'GET',
    path: '/api/users',
    roles: ['admin'],
    summary: { fr: 'Comptes de la console', en: 'Users of the console' },
    response: z.object({ items: z.array(user) }),
  }),
  createUser: route({
    method: 'POST',
    path: '/api/users',
    roles: ['admin'],
    summary: { fr: 'Ajouter un compte', en: 'Add a user' },
    body: newUserBody,
    response: newUser,
  }),
  keys: route({
    method: 'GET',
    path: '/api/keys',
    roles: ['admin'],
    summary: { fr: 'Clés des programmes', en: 'Keys of programs' },
    response: z.object({ items: z.array(apiKey) }),
  }),
  createKey: route({
    method: 'POST',
    path: '/api/keys',
    roles: ['admin'],
    summary: { fr: 'Créer une clé', en: 'Create a key' },
    body: newKeyBody,
    response: newKey,
  }),
  revokeKey: route({
    method: 'DELETE',
    path: '/api/keys/:id',
    roles: ['admin'],
    summary: { fr: 'Révoquer une clé', en: 'Revoke a key' },
    response: done,
  }),
};

const marketing = {
  today: route({
    method: 'GET',
    path: '/api/today',
    roles: ['marketer', 'analyst', 'admin'],
    summary: { fr: 'Aujourd’hui', en: 'Today' },
    response: today,
  }),
  scenarios: route({
    method: 'GET',
    path: '/api/scenarios',
    roles: READERS,
    summary: { fr: 'Scénarios', en: 'Scenarios' },
    response: z.object({ items: z.array(scenarioSummary) }),
  }),
  scenario: route({
    method: 'GET',
    path: '/api/scenarios/:id',
    roles: READERS,
    summary: { fr: 'Un scénario et son graphe', en: 'A scenario and its graph' },
    response: scenarioDetail,
  }),
  scenarioSource: route({
    method: 'GET',
    path: '/api/scenarios/:id/source',
    roles: READERS,
    summary: { fr: 'Le YAML d’une version', en: 'The YAML of a version' },
    query: z.object({ definition: z.string().max(64).optional() }),
    response: scenarioSource,
  }),
  scenarioPeople: route({
    method: 'GET',
    path: '/api/scenarios/:id/people',
    roles: MAKERS,
    summary: { fr: 'Qui est dans un scénario', en: 'Who is in a scenario' },
    query: scenarioPeopleQuery,
    response: pageOf(scenarioPerson),
  }),
  decisions: route({
    method: 'GET',
    path: '/api/decisions',
    roles: ['marketer', 'analyst', 'admin'],
    summary: { fr: 'Décisions', en: 'Decisions' },
    query: decisionsQuery,
    response: pageOf(decisionLine),
  }),
  decision: route({
    method: 'GET',
    path: '/api/decisions/:id',
    roles: ['marketer', 'analyst', 'admin'],
    summary: { fr: 'Une décision et ses candidats', en: 'A decision and its candidates' },
    response: decision,
  }),
};

const people = {
  people: route({
    method: 'GET',
    path: '/api/people',
    roles: WITH_REPS,
    summary: { fr: 'Chercher une personne', en: 'Find a person' },
    query: peopleQuery,
    response: pageOf(personHit),
  }),
  person: route({
    method: 'GET',
    path: '/api/people/:id',
    roles: WITH_REPS,
    summary: { fr: 'Une personne', en: 'A person' },
    response: person,
  }),
  timeline: route({
    method: 'GET',
    path: '/api/people/:id/timeline',
    roles: WITH_REPS,
    summary: { fr: 'Le fil d’une personne', en: 'A person’s timeline' },
    query: timelineQuery,
    response: timeline,
  }),
  explain: route({
    method: 'GET',
    path: '/api/explain',
    roles: [...MAKERS, 'machine'],
    summary: { fr: 'Pourquoi, en phrases', en: 'Why, in sentences' },
    query: explainQuery,
    response: explanation,
  }),
  accounts: route({
    method: 'GET',
    path: '/api/accounts',
    roles: WITH_REPS,
    summary: { fr: 'Comptes clients', en: 'Accounts' },
    query: accountsQuery,
    response: pageOf(accountLine),
  }),
  account: route({
    method: 'GET',
    path: '/api/accounts/:id',
    roles: WITH_REPS,
    summary: { fr: 'Un compte client', en: 'An account' },
    response: account,
  }),
  tasks: route({
    method: 'GET',
    path: '/api/tasks',
    roles: ['sales', 'admin'],
    summary: { fr: 'Tâches', en: 'Tasks' },
    query: tasksQuery,
    response: pageOf(task),
  }),
  closeTask: route({
    method: 'POST',
    path: '/api/tasks/:id/close',
    roles: ['sales', 'admin'],
    summary: { fr: 'Clore une tâche', en: 'Close a task' },
    body: closeTaskBody,
    response: task,
  }),
  accountByKey: route({
    method: 'GET',
    path: '/accounts/by/:ns/:id',
    roles: WITH_REPS,
    summary: { fr: 'Lien d’un CRM vers un compte', en: 'Link from a CRM to an account' },
    response: 'redirect',
  }),
  personByKey: route({
    method: 'GET',
    path: '/profiles/by/:ns/:id',
    roles: WITH_REPS,
    summary: { fr: 'Lien d’un CRM vers une personne', en: 'Link from a CRM to a person' },
    response: 'redirect',
  }),
};

/** Every route of the console's API by operation: guards, OpenAPI and the role test read it. */
export const API = {
  ...session,
  ...marketing,
  ...people,
  ...operationRoutes,
  ...operateRoutes,
  ...beforeRoutes,
  ...draftRoutes,
};

/** Name of an operation. */
export type ApiOperation = keyof typeof API;

/** Every route, with its operation. */
export const API_ROUTES: readonly (ApiRoute & { readonly operation: ApiOperation })[] =
  Object.entries<ApiRoute>(API).map(([operation, definition]) => ({
    operation: operation as ApiOperation,
    ...definition,
  }));

type Answer<Definition> = Definition extends { response: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : never
  : never;
type Read<Definition, Key extends string> = Definition extends { [Name in Key]: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : undefined
  : undefined;
type Written<Definition, Key extends string> = Definition extends { [Name in Key]: infer Schema }
  ? Schema extends z.ZodType
    ? z.input<Schema>
    : undefined
  : undefined;

/** JSON that an operation answers. */
export type ApiResponse<Operation extends ApiOperation> = Answer<(typeof API)[Operation]>;
/** Body of an operation as the server reads it. */
export type ApiBody<Operation extends ApiOperation> = Read<(typeof API)[Operation], 'body'>;
/** Query of an operation as the server reads it. */
export type ApiQuery<Operation extends ApiOperation> = Read<(typeof API)[Operation], 'query'>;
/** Body of an operation as a caller writes it. */
export type ApiBodyInput<Operation extends ApiOperation> = Written<(typeof API)[Operation], 'body'>;
/** Query of an operation as a caller writes it. */
export type ApiQueryInput<Operation extends ApiOperation> = Written<
  (typeof API)[Operation],
  'query'
>;
