import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { ApiError } from './api/client.js';
import { Landing } from './shell/landing.js';
import { Shell } from './shell/shell.js';
import { Broken, NotFound } from './ui/route-problem.js';

type Search = Readonly<Record<string, unknown>>;

const textIn = (search: Search, name: string): string | undefined => {
  const value = search[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

/** Takes the named filters from the address and drops whatever else stands there. */
const filters =
  <const Name extends string>(...names: readonly Name[]) =>
  (search: Search): { [Key in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = textIn(search, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as { [Key in Name]?: string };

/** A page whose code is loaded when it is first opened, or told as not reached where it is not. */
const lazily = <Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: () => Promise<Module>,
  name: Name,
) =>
  lazyRouteComponent(
    () =>
      load().catch(() => {
        throw new ApiError(0, null);
      }),
    name,
  );

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Broken,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: filters('next', 'problem'),
  component: lazily(() => import('./pages/sign-in/sign-in-page.js'), 'SignInPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
const inShell = { getParentRoute: () => shell };

const landing = createRoute({ ...inShell, path: '/', component: Landing });
const today = createRoute({
  ...inShell,
  path: '/today',
  component: lazily(() => import('./pages/today/today-page.js'), 'TodayPage'),
});
const scenarios = createRoute({
  ...inShell,
  path: '/scenarios',
  component: lazily(() => import('./pages/scenarios/list-page.js'), 'ScenariosPage'),
});
const scenario = createRoute({
  ...inShell,
  path: '/scenarios/$id',
  validateSearch: filters('tab', 'step'),
  component: lazily(() => import('./pages/scenarios/scenario-page.js'), 'ScenarioPage'),
});
const editor = createRoute({
  ...inShell,
  path: '/editor',
  validateSearch: filters('file'),
  component: lazily(() => import('./pages/editor/editor-page.js'), 'EditorPage'),
});
const people = createRoute({
  ...inShell,
  path: '/people',
  validateSearch: filters('q'),
  component: lazily(() => import('./pages/people/people-page.js'), 'PeoplePage'),
});
const person = createRoute({
  ...inShell,
  path: '/people/$id',
  validateSearch: filters('kinds'),
  component: lazily(() => import('./pages/people/person-page.js'), 'PersonPage'),
});
const accounts = createRoute({
  ...inShell,
  path: '/accounts',
  validateSearch: filters('q'),
  component: lazily(() => import('./pages/accounts/list-page.js'), 'AccountsPage'),
});
const account = createRoute({
  ...inShell,
  path: '/accounts/$id',
  component: lazily(() => import('./pages/accounts/account-page.js'), 'AccountPage'),
});
const tasks = createRoute({
  ...inShell,
  path: '/tasks',
  validateSearch: filters('state'),
  component: lazily(() => import('./pages/tasks/tasks-page.js'), 'TasksPage'),
});
const messages = createRoute({
  ...inShell,
  path: '/messages',
  validateSearch: filters('to', 'channel', 'id'),
  component: lazily(() => import('./pages/messages/messages-page.js'), 'MessagesPage'),
});
const results = createRoute({
  ...inShell,
  path: '/results',
  validateSearch: filters('scenario'),
  component: lazily(() => import('./pages/results/results-page.js'), 'ResultsPage'),
});
const decisions = createRoute({
  ...inShell,
  path: '/decisions',
  validateSearch: filters('scenario'),
  component: lazily(() => import('./pages/decisions/list-page.js'), 'DecisionsPage'),
});
const decision = createRoute({
  ...inShell,
  path: '/decisions/$id',
  component: lazily(() => import('./pages/decisions/decision-page.js'), 'DecisionPage'),
});
const deadLetters = createRoute({
  ...inShell,
  path: '/dead-letters',
  validateSearch: filters('state', 'code', 'source'),
  component: lazily(() => import('./pages/dead-letters/dead-letters-page.js'), 'DeadLettersPage'),
});
const enrolments = createRoute({
  ...inShell,
  path: '/enrolments',
  validateSearch: filters('trouble', 'scenario', 'step', 'reason'),
  component: lazily(() => import('./pages/operate/operate-page.js'), 'OperatePage'),
});
const status = createRoute({
  ...inShell,
  path: '/status',
  component: lazily(() => import('./pages/status/status-page.js'), 'StatusPage'),
});
const tables = createRoute({
  ...inShell,
  path: '/tables',
  component: lazily(() => import('./pages/tables/tables-page.js'), 'TablesPage'),
});

const pages = [
  landing,
  today,
  scenarios,
  scenario,
  editor,
  people,
  person,
  accounts,
  account,
  tasks,
  messages,
  results,
  decisions,
  decision,
  deadLetters,
  enrolments,
  status,
  tables,
] as const;

/** Every page of the console; each page's code is loaded when it is first opened. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren(pages)]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
