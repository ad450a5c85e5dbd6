import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../ui/icon.js';
import type { Me } from '../api/session.js';
import type { pageNames } from './texts.js';

/** An entry of the menu. */
export interface Entry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly name: keyof typeof pageNames;
  readonly icon: IconName;
}

const ENTRIES = {
  today: { to: '/today', name: 'today', icon: 'today' },
  scenarios: { to: '/scenarios', name: 'scenarios', icon: 'scenario' },
  people: { to: '/people', name: 'people', icon: 'people' },
  accounts: { to: '/accounts', name: 'accounts', icon: 'account' },
  allAccounts: { to: '/accounts', name: 'allAccounts', icon: 'account' },
  tasks: { to: '/tasks', name: 'tasks', icon: 'task' },
  messages: { to: '/messages', name: 'messages', icon: 'message' },
  decisions: { to: '/decisions', name: 'decisions', icon: 'decision' },
  results: { to: '/results', name: 'results', icon: 'result' },
  deadLetters: { to: '/dead-letters', name: 'deadLetters', icon: 'deadLetter' },
  enrolments: { to: '/enrolments', name: 'enrolments', icon: 'wait' },
  status: { to: '/status', name: 'status', icon: 'status' },
  tables: { to: '/tables', name: 'tables', icon: 'table' },
} as const satisfies Record<string, Entry>;

const MENUS: Readonly<Record<Me['role'], readonly (keyof typeof ENTRIES)[]>> = {
  marketer: ['today', 'scenarios', 'enrolments', 'people', 'messages', 'decisions', 'results'],
  sales: ['accounts', 'tasks'],
  analyst: ['results', 'decisions', 'tables'],
  admin: [
    'today',
    'scenarios',
    'enrolments',
    'people',
    'allAccounts',
    'tasks',
    'messages',
    'decisions',
    'results',
    'tables',
    'status',
    'deadLetters',
  ],
  machine: [],
};

/** The menu of a role. It mirrors what the server allows; the server alone enforces it. */
export const menuOf = (role: Me['role']): readonly Entry[] =>
  MENUS[role].map((name) => ENTRIES[name]);
