import type { Migration } from './base/migrate.js';
import { captureMigrations } from './capture/schema.js';
import { clockMigrations } from './clock/schema.js';
import { consoleMigrations } from './console/schema.js';
import { logMigrations } from './log/schema.js';
import { profileMigrations } from './profile/schema.js';
import { peopleMigrations } from './people/schema.js';
import { sampleMigrations } from './sample/schema.js';
import { runtimeMigrations } from './runtime/schema.js';
import { crmMigrations } from './crm/schema.js';
import { workspaceMigrations } from './workspace/schema.js';

/** Every schema step of the store, in the order in which they are applied. */
export const migrations: readonly Migration[] = [
  ...logMigrations,
  ...workspaceMigrations,
  ...profileMigrations,
  ...runtimeMigrations,
  ...peopleMigrations,
  ...clockMigrations,
  ...captureMigrations,
  ...consoleMigrations,
  ...sampleMigrations,
  ...crmMigrations,
];
