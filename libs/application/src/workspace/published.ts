import type { EpochMs } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import type { ScenarioInForce } from '../catalogue/definitions.js';
import type { CompiledWorkspace } from './compiled.js';

/** A workspace as published, with every definition somebody may still be in. */
export interface PublishedWorkspace {
  readonly seq: number;
  readonly appliedAtMs: EpochMs;
  readonly compiled: CompiledWorkspace;
  readonly definitions: readonly Definition[];
  readonly scenarios: readonly ScenarioInForce[];
}

/** Reads what is published. */
export interface PublishedWorkspaces {
  /** Changes whenever something is published, paused or resumed. Cheap: asked each second. */
  mark(): Promise<string>;
  /** Null before the first publishing. */
  current(): Promise<PublishedWorkspace | null>;
}
