import {
  buildCatalogue,
  type Catalogue,
  type CompiledWorkspace,
  type DeliverySender,
  type GroupDrawer,
  type ModelSnapshot,
  type profileSettings,
  type RenderText,
} from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import type { Definition } from '#libs/scenario';
import type { DecisionWay } from './effects.js';
import type { Happening } from './happening.js';

/** What a simulation is made from. */
export interface SimulationOptions {
  readonly workspace: CompiledWorkspace;
  /** Which scenarios take people in; all of the workspace's where absent. */
  readonly definitions?: readonly Definition[];
  readonly calendar: ZonedCalendar;
  readonly normalisePhone: Parameters<typeof profileSettings>[2];
  readonly decisions: DecisionWay;
  /** What models have learned; nothing where absent. */
  readonly model?: ModelSnapshot;
  readonly groups: (catalogue: Catalogue) => GroupDrawer;
  /** Writes titles of tasks; where absent they stay as the workspace has them. */
  readonly renderText?: RenderText;
  readonly startMs: EpochMs;
  /** When the workspace counts as published, for dates relative to it; the start where absent. */
  readonly publishedAtMs?: EpochMs;
  readonly onHappening: (happening: Happening) => void;
}

/** What decisions, deliveries and the sender work with alike. */
export type Shared = Pick<
  ConstructorParameters<typeof DeliverySender>[0],
  'catalogue' | 'contacts' | 'known' | 'deliveries' | 'events' | 'writeFacts'
>;

/** The catalogue as published when the simulation begins. */
export function catalogueOf({
  workspace,
  calendar,
  startMs,
  publishedAtMs = startMs,
}: SimulationOptions): Catalogue {
  const { timezone } = workspace.relance;
  return buildCatalogue(workspace, {
    publishedAtMs,
    dateStartMs: (date) => calendar.dayStartMs(dayNumberOf(date), timezone),
  });
}

const dayNumberOf = (date: string): number =>
  Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
