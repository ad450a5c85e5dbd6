import type { ActionConfig, CheckedFile } from '#libs/contracts';
import type { Compiled } from '#libs/expression';
import type { CheckRule } from './check-rule.js';
import type { WorkspaceScope } from './scope.js';
import type { ReadPaths } from './reads.js';

/** What an action needs kept or answered. */
export interface ActionReads {
  /** Of its templates and texts. */
  readonly texts: ReadPaths;
  /** Its checked expressions. */
  readonly compiled: readonly (Compiled | null)[];
}

/** The names a workspace knows, for checking one file against the others. */
export interface World {
  /** The first is the fallback. */
  readonly locales: readonly string[];
  readonly scope: WorkspaceScope;
  readonly segments: ReadonlySet<string>;
  readonly purposes: ReadonlyMap<string, { readonly isContract: boolean }>;
  readonly traits: ReadonlySet<string>;
  /** The traits that hold a date. */
  readonly dateTraits: ReadonlySet<string>;
  /** Absent where nobody with a calendar is at hand: rules are then taken as they are. */
  readonly checkRule?: CheckRule | undefined;
  /** Ids under `webhooks` in `relance.yaml`. */
  readonly endpoints: ReadonlySet<string>;
  /** How each scenario is entered: `trigger`, `date`, `schedule` or `api`. */
  readonly entryKinds: ReadonlyMap<string, string>;
  readonly actions: ReadonlyMap<string, CheckedFile<'action'>>;
  /** What each action and its templates read: a scenario that may choose it must keep that. */
  readonly actionReads: ReadonlyMap<string, ActionReads>;
  /** Ids in files of the wrong shape: known, though not understood. */
  readonly broken: ReadonlySet<string>;
}

/** A treatment of an action as written. */
export type TreatmentSource = ActionConfig['treatments'][number];
