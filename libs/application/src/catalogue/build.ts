import { durationMs, parseDuration, type EpochMs } from '#libs/kernel';
import type {
  CompiledAction,
  CompiledTreatment,
  CompiledWorkspace,
} from '../workspace/compiled.js';
import type { ActionRule, Catalogue, SenderRule, TreatmentRule } from './catalogue.js';
import { groupRulesOf } from './groups.js';

/** The parts of a compiled workspace that decisions and deliveries read. */
export type CatalogueParts = Pick<CompiledWorkspace, 'hash' | 'relance' | 'policies' | 'actions'>;

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
    ...groupRulesOf(parts),
    version: parts.hash,
    timezone: relance.timezone,
    country: relance.country,
    currency: relance.currency,
    locales: relance.locales,
    name: relance.name,
    sector: null,
    caps: policies.caps,
    quietHours: policies.quiet_hours,
    holds: policies.holds,
    suppress: policies.suppress,
    levers: policies.levers,
    actions: new Map(actions.map((action) => [action.id, actionRule(action, moment)])),
    senders: new Map(
      Object.entries(relance.senders).map(([id, from]) => [id, senderRule(id, from)]),
    ),
  };
}

function senderRule(id: string, from: CatalogueParts['relance']['senders'][string]): SenderRule {
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

function actionRule(action: CompiledAction, moment: CatalogueMoment): ActionRule {
  return {
    id: action.id,
    name: action.name,
    issue: action.issue,
    group: action.group ?? null,
    value: action.value,
    cost: action.cost,
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
    treatments: action.treatments.map(treatmentRule),
  };
}

function instantOf(date: string | undefined, moment: CatalogueMoment): EpochMs | null {
  if (date === undefined) return null;
  const relative = date.startsWith('+') ? parseDuration(date.slice(1)) : null;
  if (relative === null) return moment.dateStartMs(date);
  return relative.ok ? moment.publishedAtMs + durationMs(relative.value) : null;
}

function treatmentRule(treatment: CompiledTreatment): TreatmentRule {
  const base = {
    id: treatment.id,
    channel: treatment.channel,
    template: null,
    text: null,
    sender: null,
    task: null,
  };
  switch (treatment.channel) {
    case 'email':
      return { ...base, template: treatment.template, sender: treatment.sender };
    case 'sms':
      return { ...base, text: treatment.text, sender: treatment.sender };
    case 'task': {
      const { title, note, due } = treatment;
      return { ...base, task: { title, note, due, for: treatment.for } };
    }
  }
}
