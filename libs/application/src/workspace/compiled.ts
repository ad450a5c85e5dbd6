import type { LocalText } from '#libs/kernel';
import type {
  ActionConfig,
  CrmConfig,
  EventConfig,
  MappingConfig,
  ProfileConfig,
  RelanceConfig,
} from '#libs/contracts';
import type { CapRule, HoldRule, PurposeRule, QuietHoursRule, SuppressRule } from '#libs/policy';
import type { Definition } from '#libs/scenario';
import type { SegmentDefinition } from '#libs/segment';

/** `relance.yaml` with shares as numbers in [0, 1]. */
export interface CompiledRelance extends Omit<
  RelanceConfig,
  'holdout' | 'random_control' | 'business_as_usual' | 'webhooks'
> {
  readonly holdout: { readonly share: number; readonly salt: string };
  readonly random_control: { readonly share: number };
  /** Absent from what was published before there was such a group: nobody was drawn into it. */
  readonly business_as_usual?: { readonly share: number };
  /** Absent from what was published before scenarios could call. */
  readonly webhooks?: RelanceConfig['webhooks'];
}

/**
 * `policies.yaml` as the policy library reads it; what the file leaves out is the strict default.
 */
export interface CompiledPolicies {
  readonly purposes: readonly PurposeRule[];
  readonly caps: readonly CapRule[];
  readonly quiet_hours: readonly QuietHoursRule[];
  readonly holds: readonly HoldRule[];
  /** Weight by issue; 1 where absent. */
  readonly levers: Readonly<Record<string, number>>;
  readonly suppress: SuppressRule;
}

/** One (channel, creative) of an action. */
export type CompiledTreatment =
  | {
      readonly id: string;
      readonly channel: 'email';
      readonly template: string;
      readonly sender: string;
    }
  | {
      readonly id: string;
      readonly channel: 'sms';
      readonly text: LocalText;
      /** The workspace's first SMS sender where the file names none. */
      readonly sender: string | null;
    }
  | {
      readonly id: string;
      readonly channel: 'task';
      readonly title: LocalText;
      readonly note: LocalText | null;
      /** A duration, `2d`. */
      readonly due: string;
      readonly for:
        | { readonly kind: 'owner'; readonly else: string | null }
        | { readonly kind: 'queue'; readonly queue: string };
    };

/** An action of the catalogue; expressions as CEL text, durations as written. */
export interface CompiledAction extends Omit<ActionConfig, 'action' | 'value' | 'treatments'> {
  readonly id: string;
  /** CEL that gives the expected gain when it works. */
  readonly value: string;
  readonly treatments: readonly CompiledTreatment[];
}

/** A template's sources and what it may read. */
export interface CompiledTemplateSource {
  readonly id: string;
  readonly name: LocalText;
  readonly purpose: string;
  /** Defaults by path, for values that are missing: `{ 'profile.firstName': 'vous' }`. */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  /** Example values by path, for previews. */
  readonly examples: Readonly<Record<string, string | number | boolean>>;
  /** By locale, the workspace's first locale first. */
  readonly locales: Readonly<
    Record<string, { readonly subject: string; readonly mjml: string; readonly text: string }>
  >;
  /** Whether the body must hold the unsubscribe link. */
  readonly unsubscribeRequired: boolean;
}

/** Everything a workspace's files came to: plain JSON, named by its content. */
export interface CompiledWorkspace {
  /** `contentHash` of the rest. */
  readonly hash: string;
  readonly relance: CompiledRelance;
  readonly profile: ProfileConfig;
  readonly policies: CompiledPolicies;
  readonly segments: readonly SegmentDefinition[];
  readonly events: readonly EventConfig[];
  readonly actions: readonly CompiledAction[];
  readonly templates: readonly CompiledTemplateSource[];
  readonly definitions: readonly Definition[];
  readonly mappings: readonly MappingConfig[];
  readonly crm: readonly CrmConfig[];
}
