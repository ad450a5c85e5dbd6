import type { Locale } from '#libs/kernel';
import type { DecisionRecord } from '#libs/decision';
import { outcomeSentence, type OutcomeText } from '#libs/attribution';
import type { ApiResponse } from '#libs/contracts';
import type { Delivery, WithheldRow } from '../../delivery/ports.js';
import type { ReadEvent } from '../../profile/read-ports.js';
import type { OutcomeRow } from '../../results/ports.js';
import type { TaskRow } from '../../task/task-maker.js';
import { withheldReason } from '../scenarios/today.js';
import {
  channelName,
  endingName,
  eventAmount,
  eventSentence,
  groupName,
  taskStateName,
} from '../words/events.js';
import { decisionSentences } from '../words/reason-details.js';
import { quoted, say, type Bilingual } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import type { DeliveryHappening, EnrolmentLine, StepTakenLine } from './ports.js';

/** One line of a timeline, as the API gives it. */
export type TimelineItem = ApiResponse<'timeline'>['items'][number];

type Blank = Pick<TimelineItem, 'details' | 'refId' | 'scenario' | 'source' | 'channel' | 'amount'>;

function blank(): Blank {
  return {
    details: [],
    refId: null,
    scenario: null,
    source: null,
    channel: null,
    amount: null,
  };
}

function scenarioRef(id: string | null, words: WorkspaceWords): TimelineItem['scenario'] {
  return id === null ? null : { id, name: words.scenario(id) };
}

/** Day of an instant, local to the workspace. */
export type DayOf = (atMs: number) => string;

/** What the person did, or what was told of them. */
export function eventItem(event: ReadEvent, words: WorkspaceWords): TimelineItem {
  const own = words.event(event.name);
  return {
    ...blank(),
    id: event.eventKey,
    kind: 'event',
    atMs: event.atMs,
    sentence: eventSentence(event, words.locale, {
      currency: words.currency,
      segment: words.segment,
      ...(own === undefined ? {} : { own }),
    }),
    details: event.isHistorical ? [say(words.locale, 'Importé.', 'Imported.')] : [],
    source: words.source(event.source),
    amount: eventAmount(event, words.currency),
  };
}

const DELIVERY_STATES: Readonly<Record<string, Bilingual>> = {
  intended: { fr: 'à partir', en: 'due to go out' },
  withheld: { fr: 'retenu', en: 'withheld' },
  sending: { fr: 'en cours d’envoi', en: 'being sent' },
  accepted: { fr: 'envoyé', en: 'sent' },
  uncertain: { fr: 'peut-être envoyé', en: 'sent, perhaps' },
  failed: { fr: 'refusé par le prestataire', en: 'refused by the provider' },
  delivered: { fr: 'arrivé', en: 'delivered' },
  bounced: { fr: 'revenu en erreur', en: 'bounced' },
  complained: { fr: 'signalé comme indésirable', en: 'reported as spam' },
};

const HAPPENINGS: Readonly<Record<string, Bilingual>> = {
  accepted: { fr: 'Accepté par le prestataire', en: 'Taken by the provider' },
  delivered: { fr: 'Arrivé', en: 'Delivered' },
  bounced: { fr: 'Revenu en erreur', en: 'Bounced' },
  complained: { fr: 'Signalé comme indésirable', en: 'Reported as spam' },
  opened: { fr: 'Ouvert', en: 'Opened' },
  machine_opened: { fr: 'Ouvert par une machine', en: 'Opened by a machine' },
  clicked: { fr: 'Cliqué', en: 'Clicked' },
  bot_clicked: { fr: 'Cliqué par un robot', en: 'Clicked by a robot' },
  unsubscribed: { fr: 'Désabonnement', en: 'Unsubscribed' },
};

/** What happened to a message, in words. */
export function happeningText(happening: DeliveryHappening, locale: Locale): string {
  const text = HAPPENINGS[happening.kind]?.[locale] ?? happening.kind;
  return happening.link === null ? `${text}.` : `${text} (${happening.link}).`;
}

/** State of a message in words. */
export function deliveryStateName(state: string, locale: Locale): string {
  return DELIVERY_STATES[state]?.[locale] ?? state;
}

/** A message that was sent, or is due to be. */
export function messageItem(
  delivery: Delivery,
  happenings: readonly DeliveryHappening[],
  words: WorkspaceWords,
): TimelineItem {
  const { locale } = words;
  const channel = channelName(delivery.channel, locale);
  const name = quoted(words.action(delivery.action), locale);
  const state = deliveryStateName(delivery.state, locale);
  const start = channel.slice(0, 1).toUpperCase() + channel.slice(1);
  return {
    ...blank(),
    id: delivery.id,
    kind: 'message',
    atMs: delivery.acceptedAtMs ?? delivery.intendedAtMs,
    sentence: `${start} ${name}${locale === 'fr' ? ' :' : ':'} ${state}.`,
    details: happenings
      .filter(({ deliveryId }) => deliveryId === delivery.id)
      .map((one) => happeningText(one, locale)),
    refId: delivery.id,
    scenario: scenarioRef(delivery.scenario, words),
    channel: delivery.channel,
  };
}

/** A contact that was not made, with why. */
export function withheldItem(row: WithheldRow, words: WorkspaceWords): TimelineItem {
  const { locale } = words;
  const name = quoted(words.action(row.action), locale);
  const why = withheldReason(row.reason, locale);
  return {
    ...blank(),
    id: row.id,
    kind: 'withheld',
    atMs: row.atMs,
    sentence: say(locale, `${name} n’est pas parti : ${why}.`, `${name} was not sent: ${why}.`),
    refId: row.decisionId,
    scenario: scenarioRef(row.scenario, words),
    channel: row.channel,
  };
}

/** A decision: the choice, and why every candidate won or lost. */
export function decisionItem(record: DecisionRecord, words: WorkspaceWords): TimelineItem {
  const [first = '', ...others] = decisionSentences(record, words);
  return {
    ...blank(),
    id: record.decisionId,
    kind: 'decision',
    atMs: record.atMs,
    sentence: first,
    details: others,
    refId: record.decisionId,
    scenario: scenarioRef(record.scenario, words),
    channel: record.chosenChannel,
  };
}

/** A message as an outcome names it. */
export interface TouchedBy {
  readonly channel: string;
  readonly action: string;
  readonly atMs: number;
}

/** An outcome in one sentence, with the message it is credited to. */
export function outcomeText(
  row: OutcomeRow,
  from: { readonly touch: TouchedBy | undefined; readonly who?: string; readonly dayOf: DayOf },
  words: WorkspaceWords,
): string {
  const { touch, who, dayOf } = from;
  const outcome: OutcomeText = {
    kind: row.kind,
    on: dayOf(row.atMs),
    ...(row.value === null || row.currency === ''
      ? {}
      : { amount: Number(row.value), currency: row.currency }),
    ...(who === undefined ? {} : { who }),
    ...(touch === undefined
      ? {}
      : {
          touch: {
            channel: touch.channel,
            name: words.action(touch.action),
            on: dayOf(touch.atMs),
            delayMs: row.atMs - touch.atMs,
          },
        }),
  };
  return outcomeSentence(outcome, words.locale);
}

/** An outcome of a person. */
export function outcomeItem(
  row: OutcomeRow,
  from: { readonly touch: TouchedBy | undefined; readonly dayOf: DayOf },
  words: WorkspaceWords,
): TimelineItem {
  return {
    ...blank(),
    id: row.id,
    kind: 'outcome',
    atMs: row.atMs,
    sentence: outcomeText(row, from, words),
    refId: row.deliveryId ?? row.decisionId,
    scenario: scenarioRef(row.scenario, words),
    channel: from.touch?.channel ?? null,
    amount: row.value === null ? null : { amount: row.value, currency: row.currency },
  };
}

/** A task for the rep. */
export function taskItem(row: TaskRow, words: WorkspaceWords): TimelineItem {
  const { locale } = words;
  const state = taskStateName(row, locale);
  const owner = row.owner === '' ? '' : ` (${row.owner})`;
  return {
    ...blank(),
    id: row.id,
    kind: 'task',
    atMs: row.createdAtMs,
    sentence: `${say(locale, 'Tâche', 'Task')} ${quoted(row.title, locale)}${owner}${locale === 'fr' ? ' :' : ':'} ${state}.`,
    details: row.note === null ? [] : [row.note],
    refId: row.id,
    scenario: scenarioRef(row.scenario, words),
  };
}

/** Somebody entered or left a scenario. */
export function passageItem(
  line: EnrolmentLine & { readonly atMs: number },
  words: WorkspaceWords,
): TimelineItem {
  const { locale } = words;
  const name = quoted(words.scenario(line.scenario), locale);
  const isEnd = line.endedAs !== null;
  const group = groupName(line.group, locale);
  const ending = endingName(line.endedAs ?? '', locale);
  return {
    ...blank(),
    id: `${line.id}/${isEnd ? 'end' : 'entry'}`,
    kind: 'enrolment',
    atMs: line.atMs,
    sentence: isEnd
      ? say(
          locale,
          `Sort du scénario ${name} : ${ending}.`,
          `Leaves the scenario ${name}: ${ending}.`,
        )
      : say(
          locale,
          `Entre dans le scénario ${name} (${group}).`,
          `Enters the scenario ${name} (${group}).`,
        ),
    refId: line.id,
    scenario: scenarioRef(line.scenario, words),
  };
}

/** A step that was left. */
export function stepItem(line: StepTakenLine, words: WorkspaceWords): TimelineItem {
  const label = words.step(line.definition, line.stepId);
  const branch =
    line.branch === '' ? '' : ` → ${words.branch(line.definition, line.stepId, line.branch)}`;
  return {
    ...blank(),
    id: `${line.enrolmentId}/${line.stepId}#${line.visit}`,
    kind: 'step',
    atMs: line.atMs,
    sentence: `${label}${branch}.`,
    refId: line.enrolmentId,
    scenario: scenarioRef(line.scenario, words),
  };
}
