import type { z } from 'zod';
import { actionSchema } from './action.js';
import { crmSchema } from './crm.js';
import { eventSchema } from './event.js';
import { mappingSchema } from './mapping.js';
import { policiesSchema } from './policies.js';
import { profileSchema } from './profile.js';
import { relanceSchema } from './relance.js';
import { scenarioSchema } from './scenario.js';
import { segmentSchema } from './segment.js';
import { templateSchema } from './template.js';
import { testSchema } from './test.js';

/** Schema of each kind of file. */
export const KIND_SCHEMAS = {
  relance: relanceSchema,
  profile: profileSchema,
  policies: policiesSchema,
  segment: segmentSchema,
  event: eventSchema,
  action: actionSchema,
  template: templateSchema,
  mapping: mappingSchema,
  crm: crmSchema,
  scenario: scenarioSchema,
  test: testSchema,
} as const;

/** A kind of file. */
export type Kind = keyof typeof KIND_SCHEMAS;

/** A checked file of a kind. */
export type KindValue<Name extends Kind> = z.output<(typeof KIND_SCHEMAS)[Name]>;

const FOLDERS: Readonly<Record<string, Kind>> = {
  actions: 'action',
  segments: 'segment',
  events: 'event',
  mappings: 'mapping',
  crm: 'crm',
};

const SINGLES: Readonly<Record<string, Kind>> = {
  relance: 'relance',
  profile: 'profile',
  policies: 'policies',
};

/** What a path holds: a kind of file, a part of a template, nothing of ours, or unknown. */
export type PathRole =
  | { readonly role: 'kind'; readonly kind: Kind }
  | { readonly role: 'template_part'; readonly template: string; readonly part: string }
  | { readonly role: 'other' }
  | { readonly role: 'unknown' };

/**
 * Role of a path inside the workspace, `/`-separated. Files that are no YAML or JSON are others.
 */
export function roleOf(path: string): PathRole {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part.startsWith('.'))) return { role: 'other' };
  if (parts[0] === 'templates') return templateRole(parts);
  if (!/\.(ya?ml|json)$/.test(name)) return { role: 'other' };
  if (/\.test\.(ya?ml|json)$/.test(name)) return { role: 'kind', kind: 'test' };
  if (parts.length === 1) {
    return { role: 'kind', kind: SINGLES[name.replace(/\.(ya?ml|json)$/, '')] ?? 'scenario' };
  }
  const kind = FOLDERS[parts[0] ?? ''];
  return kind === undefined ? { role: 'unknown' } : { role: 'kind', kind };
}

function templateRole(parts: readonly string[]): PathRole {
  const [, template, part] = parts;
  if (template === undefined || part === undefined || parts.length > 3) return { role: 'unknown' };
  if (/^template\.(ya?ml|json)$/.test(part)) return { role: 'kind', kind: 'template' };
  return { role: 'template_part', template, part };
}
