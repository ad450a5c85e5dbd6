import { contentHash, durationMs, parseDuration, type EpochMs, type LocalText } from '#libs/kernel';
import {
  shareOf,
  type ActionConfig,
  type PoliciesConfig,
  type RelanceConfig,
} from '#libs/contracts';
import { FRANCE_DEFAULTS, type PurposeRule } from '#libs/policy';
import type { ActionRule, Catalogue, SenderRule, TreatmentRule } from './catalogue.js';

/** The parts of a compiled workspace that decisions and deliveries read. */
export interface CatalogueParts {
  readonly relance: RelanceConfig;
  readonly policies: PoliciesConfig | null;
  readonly actions: readonly ActionConfig[];
}

/** What resolving dates needs. */
export interface CatalogueMoment {
  readonly publishedAtMs: EpochMs;
  /** Start of a date `YYYY-MM-DD` in the workspace's zone. */
  readonly dateStartMs: (date: string) => EpochMs;
}

/** The catalogue of a published workspace; dates relative to publishing become instants here. */
export function buildCatalogue(parts: CatalogueParts, moment: CatalogueMoment): Catalogue {
  const { relance, policies, actions } = parts;
  return {
    version: contentHash(parts),
    timezone: relance.timezone,
    country: relance.country,
    currency: relance.currency,
    locales: relance.locales,
    name: relance.name,
    sector: null,
    purposes: purposesOf(policies),
    caps: policies?.caps ?? FRANCE_DEFAULTS.caps,
    quietHours: policies?.quiet_hours ?? FRANCE_DEFAULTS.quiet_hours,
    holds: policies?.holds ?? [],
    suppress: policies?.suppress ?? FRANCE_DEFAULTS.suppress,
    levers: policies?.levers ?? {},
    holdout: { share: shareOf(relance.holdout.share), salt: relance.holdout.salt },
    randomControlShare: shareOf(relance.random_control.share),
    actions: new Map(actions.map((action) => [action.action, actionRule(action, moment)])),
    senders: new Map(
      Object.entries(relance.senders).map(([id, from]) => [id, senderRule(id, from)]),
    ),
  };
}

function purposesOf(policies: PoliciesConfig | null): ReadonlyMap<string, PurposeRule> {
  const purposes = new Map(FRANCE_DEFAULTS.purposes.map((purpose) => [purpose.id, purpose]));
  for (const [id, { basis, ignores, obeys }] of Object.entries(policies?.purposes ?? {})) {
    purposes.set(id, { id, basis, ignores, obeys });
  }
  return purposes;
}

function senderRule(id: string, from: RelanceConfig['senders'][string]): SenderRule {
  return from.channel === 'email'
    ? {
        id,
        channel: 'email',
        from: from.from,
        replyTo: from.reply_to ?? null,
        stream: from.stream,
      }
    : { id, channel: from.channel, from: from.from, replyTo: null, stream: 'marketing' };
}

function actionRule(action: ActionConfig, moment: CatalogueMoment): ActionRule {
  return {
    id: action.action,
    name: action.name,
    issue: action.issue,
    group: action.group ?? null,
    value: String(action.value),
    cost: action.cost as Readonly<Record<string, number>>,
    eligible: action.eligible ?? null,
    applicable: action.applicable ?? null,
    suitable: action.suitable ?? null,
    limits: action.limits,
    restAfter: action.rest_after ?? null,
    valid: {
      fromMs: instantOf(action.valid?.from, moment),
      untilMs: instantOf(action.valid?.until, moment),
    },
    b2bRelevant: action.issue === 'b2b' || action.group === 'b2b',
    treatments: action.treatments.map((treatment) => treatmentRule(treatment)),
  };
}

function instantOf(date: string | undefined, moment: CatalogueMoment): EpochMs | null {
  if (date === undefined) return null;
  const relative = date.startsWith('+') ? parseDuration(date.slice(1)) : null;
  if (relative === null) return moment.dateStartMs(date);
  return relative.ok ? moment.publishedAtMs + durationMs(relative.value) : null;
}

function treatmentRule(treatment: ActionConfig['treatments'][number]): TreatmentRule {
  const base = {
    id: treatment.id ?? treatment.channel,
    channel: treatment.channel,
    template: null,
    text: null,
    sender: null,
    title: null,
    due: null,
  };
  switch (treatment.channel) {
    case 'email':
      return { ...base, template: treatment.template, sender: treatment.sender };
    case 'sms':
      return { ...base, text: treatment.text, sender: treatment.sender ?? null };
    case 'task':
      return { ...base, title: localText(treatment.title), due: treatment.due };
  }
}

function localText(text: string | LocalText): LocalText {
  return typeof text === 'string' ? { fr: text, en: text } : text;
}
