import type { LocalText } from '#libs/kernel';
import type {
  ActionLimits,
  CapRule,
  HoldRule,
  PurposeRule,
  QuietHoursRule,
  RestRule,
  SuppressRule,
} from '#libs/policy';
import type { TaskTarget } from '#libs/scenario';

/** An action as decisions and deliveries read it, durations and dates resolved at publishing. */
export interface ActionRule {
  readonly id: string;
  readonly name: LocalText;
  readonly issue: string;
  readonly group: string | null;
  /** CEL: expected margin when it works. */
  readonly value: string | null;
  /** By treatment id or channel, in the workspace's currency. */
  readonly cost: Readonly<Record<string, number>>;
  readonly eligible: string | null;
  readonly applicable: string | null;
  readonly suitable: string | null;
  readonly limits: ActionLimits;
  readonly restAfter: RestRule | null;
  readonly valid: { readonly fromMs: number | null; readonly untilMs: number | null };
  /** The message is about the person's job: `legitimate_interest_b2b` needs it. */
  readonly b2bRelevant: boolean;
  readonly treatments: readonly TreatmentRule[];
}

/** One way to carry out an action. */
export interface TreatmentRule {
  readonly id: string;
  /** `email`, `sms` or `task`. */
  readonly channel: string;
  /** Of an e-mail: the template's id. */
  readonly template: string | null;
  /** Of an SMS. */
  readonly text: LocalText | null;
  readonly sender: string | null;
  /** Of a task. */
  readonly task: TaskRule | null;
}

/** The task that a treatment stands for. */
export interface TaskRule {
  readonly title: LocalText;
  readonly note: LocalText | null;
  /** A duration, `2d`. */
  readonly due: string;
  readonly for: TaskTarget;
}

/** A sender identity. */
export interface SenderRule {
  readonly id: string;
  readonly channel: string;
  readonly from: string;
  readonly replyTo: string | null;
  readonly stream: string;
}

/** What is published, as decisions, deliveries and groups read it. Immutable; replaced as a whole. */
export interface Catalogue {
  /** Content hash of the workspace: the version of policies and actions a decision was made under. */
  readonly version: string;
  readonly timezone: string;
  readonly country: string;
  readonly currency: string;
  readonly locales: readonly string[];
  readonly name: LocalText;
  readonly sector: string | null;
  readonly purposes: ReadonlyMap<string, PurposeRule>;
  readonly caps: readonly CapRule[];
  readonly quietHours: readonly QuietHoursRule[];
  readonly holds: readonly HoldRule[];
  readonly suppress: SuppressRule;
  /** Marketer's weight per issue. */
  readonly levers: Readonly<Record<string, number>>;
  readonly holdout: { readonly share: number; readonly salt: string };
  readonly randomControlShare: number;
  /** Of a scenario that names a business as usual, among those it neither holds out nor controls. */
  readonly businessAsUsualShare: number;
  readonly actions: ReadonlyMap<string, ActionRule>;
  readonly senders: ReadonlyMap<string, SenderRule>;
}

/** The catalogue in force; read anew for each batch. */
export interface CatalogueSource {
  current(): Catalogue;
}
