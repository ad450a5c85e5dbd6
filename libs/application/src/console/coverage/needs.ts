import { ownMember } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import type { CompiledAction, CompiledWorkspace } from '../../workspace/compiled.js';
import { variablesOf } from '../../workspace/template-variables.js';

/** What the messages and tasks of a scenario take. */
export interface Needs {
  readonly channels: readonly ('email' | 'sms')[];
  /** Whether a consent of its own is needed, or a contract is ground enough. */
  readonly takesConsent: boolean;
  readonly takesOwner: boolean;
  /** Traits that a template names without a default. */
  readonly traits: readonly string[];
}

/** Names that are no traits. */
const RESERVED: ReadonlySet<string> = new Set(['aggregates', 'segments', 'consents', 'channels']);

/** What a scenario needs to know of people before it can reach them. */
export function needsOf(definition: Definition, workspace: CompiledWorkspace): Needs {
  const actions = actionsOf(definition, workspace.actions);
  const treatments = actions.flatMap((action) => action.treatments);
  const channels = treatments.flatMap(({ channel }) => (channel === 'task' ? [] : [channel]));
  const targets = [
    ...treatments.flatMap((one) => (one.channel === 'task' ? [one.for] : [])),
    ...Object.values(definition.steps).flatMap((step) => (step.type === 'task' ? [step.for] : [])),
  ];
  const purpose = workspace.policies.purposes.find(({ id }) => id === definition.purpose);
  return {
    channels: [...new Set(channels)].sort(),
    takesConsent: purpose?.basis.includes('contract') !== true,
    takesOwner: targets.some((one) => one.kind === 'owner' && one.else === null),
    traits: [...new Set(treatments.flatMap((one) => traitsOf(one, workspace)))].sort(),
  };
}

function actionsOf(
  { steps }: Definition,
  actions: readonly CompiledAction[],
): readonly CompiledAction[] {
  const ids = new Set(
    Object.values(steps).flatMap((step) => {
      if (step.type === 'decide') return [...step.actions, step.fallback];
      return step.type === 'deliver' && 'action' in step.of ? [step.of.action] : [];
    }),
  );
  return actions.filter(({ id }) => ids.has(id));
}

function traitsOf(
  treatment: CompiledAction['treatments'][number],
  workspace: CompiledWorkspace,
): readonly string[] {
  if (treatment.channel === 'sms') return named(Object.values(treatment.text).map(String), {});
  if (treatment.channel === 'task') return [];
  const template = workspace.templates.find(({ id }) => id === treatment.template);
  if (template === undefined) return [];
  const sources = Object.values(template.locales).flatMap(({ subject, mjml, text }) => [
    subject,
    mjml,
    text,
  ]);
  return named(sources, template.defaults);
}

function named(
  sources: readonly string[],
  defaults: Readonly<Record<string, unknown>>,
): readonly string[] {
  return sources.flatMap(variablesOf).flatMap(({ path: [root, trait, ...rest] }) => {
    if (root !== 'profile' || trait === undefined || RESERVED.has(trait)) return [];
    const whole = ['profile', trait, ...rest].join('.');
    return ownMember(defaults, whole) === undefined ? [trait] : [];
  });
}
