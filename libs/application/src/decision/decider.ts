import { hashUuid, type Json, type JsonObject, type ProfileId } from '#libs/kernel';
import type { Fact } from '#libs/contracts';
import { decide, recordFallback, type DecideInput, type DecisionRecord } from '#libs/decision';
import type { DecideCommand, EffectResult } from '#libs/scenario';
import type { CatalogueSource } from '../catalogue/catalogue.js';
import type { ContactReservation, ContactState, ContactStore } from '../contact/contact.js';
import type { GateKnowledge } from '../contact/gate-input.js';
import { RESERVATION_MS, windowDaysOf } from '#libs/policy';
import type { Tx } from '../ports/transaction.js';
import type { EffectRequest } from '../runtime/effects.js';
import type { Group, PersonContext } from '../runtime/ports.js';
import { candidatesOf, dayOfCandidate, type Judging } from './candidates.js';
import { decisionFact } from './decision-fact.js';
import type { DecisionStore, ModelSnapshot, StoredDecision } from './ports.js';

/** One question to the decision service, from a scenario or from outside. */
export interface DecisionQuestion {
  /** The idempotency key: one record, whatever is asked again. */
  readonly commandId: string;
  readonly person: PersonContext;
  readonly group: Group;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly enrolmentId: string | null;
  readonly actions: readonly string[];
  readonly model: DecideInput['model'];
  readonly fallback: string | null;
  readonly businessAsUsual: string | null;
  readonly purpose: string;
  readonly timeoutMs: number;
  readonly scope: JsonObject;
  readonly nowMs: number;
  readonly isSample: boolean;
  /** Whether the choice takes its place under the caps. */
  readonly isReserving: boolean;
  /** Nothing is written: a look at what would be decided. */
  readonly isDryRun: boolean;
}

/** What the decider works with. */
export interface DeciderPorts {
  readonly catalogue: CatalogueSource;
  readonly contacts: ContactStore;
  readonly decisions: DecisionStore;
  readonly known: Omit<GateKnowledge, 'catalogue'>;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  /** Monotonic milliseconds, for latency and deadlines only. */
  readonly elapsedMs: () => number;
}

// The longest window a cap or an action's limit counts over, in days.
const WINDOW_DAYS = 366;

/**
 * The decision service: filter, draw, reserve, log, for a batch in one transaction. Under a row lock
 * on the caps of each person, so that two decisions never take the same place.
 */
export class Decider {
  constructor(private readonly ports: DeciderPorts) {}

  /** One record each, in order; a command decided before answers with what was decided. */
  async decide(tx: Tx, questions: readonly DecisionQuestion[]): Promise<readonly DecisionRecord[]> {
    if (questions.length === 0) return [];
    const startedMs = this.ports.elapsedMs();
    const before = await this.ports.decisions.byCommand(
      tx,
      questions.map((question) => question.commandId),
    );
    const batch = await this.load(tx, questions);
    const records: DecisionRecord[] = [];
    const stored: StoredDecision[] = [];
    const reserved: (ContactReservation & { profileId: ProfileId })[] = [];
    for (const question of questions) {
      const known = before.get(question.commandId);
      const record = known ?? this.decideOne(question, batch);
      records.push(record);
      if (known !== undefined || question.isDryRun) continue;
      // Without the lock there is no place to take: the gate counts it when it goes out.
      const isReserving = question.isReserving && batch.locked.has(question.person.profileId);
      const place = isReserving ? this.placeFor(question, record, batch) : null;
      if (place !== null) reserved.push(place);
      stored.push({
        commandId: question.commandId,
        record,
        mode: 'live',
        latencyUs: Math.max(0, Math.round((this.ports.elapsedMs() - startedMs) * 1_000)),
        isSample: question.isSample,
      });
    }
    await this.ports.contacts.reserve(tx, reserved);
    await this.ports.decisions.insert(tx, stored);
    await this.ports.writeFacts(tx, stored.map(decisionFact));
    return records;
  }

  private async load(tx: Tx, questions: readonly DecisionQuestion[]): Promise<DecideBatch> {
    const { contacts, decisions } = this.ports;
    const catalogue = this.ports.catalogue.current();
    const known: GateKnowledge = { ...this.ports.known, catalogue };
    const ids = [...new Set(questions.map((question) => question.person.profileId))].sort();
    const nowMs = questions[0]?.nowMs ?? 0;
    const today = known.calendar.localDay(nowMs, catalogue.timezone);
    // The deadline is about what can hang: somebody else who keeps a person's caps. How long a large
    // batch takes to read and score is no reason to give everybody in it the fallback.
    const withinMs = Math.min(...questions.map((question) => question.timeoutMs));
    const locked = await contacts.lockCapsWithin(tx, ids, withinMs);
    const states = new Map(await contacts.load(tx, ids, today - WINDOW_DAYS));
    const limited = [...new Set(questions.flatMap((question) => question.actions))].filter(
      (id) => Object.keys(catalogue.actions.get(id)?.limits.total ?? {}).length > 0,
    );
    const windows = limited.flatMap((id) =>
      Object.keys(catalogue.actions.get(id)?.limits.total ?? {}).map(
        (per) => windowDaysOf(per) ?? 1,
      ),
    );
    const actionUsage =
      limited.length === 0
        ? new Map<string, Map<number, number>>()
        : new Map(
            [...(await contacts.actionUsage(tx, limited, today - Math.max(...windows)))].map(
              ([action, days]) => [action, new Map(days)] as const,
            ),
          );
    return { known, locked, states, actionUsage, model: await decisions.model(tx) };
  }

  private decideOne(question: DecisionQuestion, batch: DecideBatch): DecisionRecord {
    const { person } = question;
    const candidates = candidatesOf(question.actions, judgingOf(question, batch));
    const input: DecideInput = {
      decisionId: hashUuid('decision', question.commandId),
      seed: question.commandId,
      atMs: question.nowMs,
      scenario: question.scenario,
      definition: question.definition,
      stepId: question.stepId,
      ...(question.enrolmentId === null ? {} : { enrolmentId: question.enrolmentId }),
      profileId: person.profileId,
      group: question.group,
      model: question.model,
      modelVersion: batch.model.version,
      policy: batch.known.catalogue.version,
      candidates,
      ...(question.fallback === null ? {} : { fallback: question.fallback }),
      ...(question.businessAsUsual === null ? {} : { businessAsUsual: question.businessAsUsual }),
      currency: batch.known.catalogue.currency,
    };
    return batch.locked.has(person.profileId) ? decide(input) : recordFallback(input, 'timeout');
  }

  /**
   * The place of the choice under the caps, on the day it would go out; also counted by the next
   * decision of this batch.
   */
  private placeFor(
    question: DecisionQuestion,
    record: DecisionRecord,
    batch: DecideBatch,
  ): (ContactReservation & { profileId: ProfileId }) | null {
    const { chosenAction, chosenChannel } = record;
    if (chosenAction === null || chosenChannel === null || chosenChannel === 'task') return null;
    const { profileId } = question.person;
    const day = dayOfCandidate(chosenChannel, judgingOf(question, batch));
    const place: ContactReservation = {
      commandId: question.commandId,
      channel: chosenChannel,
      purpose: question.purpose,
      action: chosenAction,
      day,
      state: 'reserved',
      expiresAtMs: question.nowMs + RESERVATION_MS,
    };
    const state = batch.states.get(profileId);
    if (state !== undefined) {
      batch.states.set(profileId, { ...state, reservations: [...state.reservations, place] });
    }
    const days = batch.actionUsage.get(chosenAction);
    days?.set(day, (days.get(day) ?? 0) + 1);
    return { ...place, profileId };
  }
}

interface DecideBatch {
  readonly known: GateKnowledge;
  /** Whose caps are ours until the end of the transaction. */
  readonly locked: ReadonlySet<ProfileId>;
  readonly states: Map<ProfileId, ContactState>;
  readonly actionUsage: ReadonlyMap<string, Map<number, number>>;
  readonly model: ModelSnapshot;
}

/** What the candidates of a question are judged by, with what the batch has taken so far. */
function judgingOf(question: DecisionQuestion, batch: DecideBatch): Judging {
  return {
    known: batch.known,
    person: question.person,
    state: batch.states.get(question.person.profileId) ?? null,
    group: question.group,
    purpose: question.purpose,
    scenario: question.scenario,
    stepId: question.stepId,
    commandId: question.commandId,
    nowMs: question.nowMs,
    scope: question.scope,
    model: batch.model,
    actionUsage: batch.actionUsage,
  };
}

/** The question a scenario's `decide` asks. */
export function questionOf(request: EffectRequest<DecideCommand>): DecisionQuestion {
  const { command, enrolment, definition, person, nowMs } = request;
  return {
    commandId: command.commandId,
    person,
    group: enrolment.group,
    scenario: definition.scenario,
    definition: definition.hash,
    stepId: command.stepId,
    enrolmentId: enrolment.id,
    actions: command.actions,
    model: command.model,
    fallback: command.fallback,
    businessAsUsual: command.businessAsUsual,
    purpose: command.purpose,
    timeoutMs: command.timeoutMs,
    scope: scopeOf(command),
    nowMs,
    isSample: enrolment.isSample,
    isReserving: true,
    isDryRun: false,
  };
}

/** Entry, decisions and vars under the names expressions and templates use. */
export function scopeOf(command: Pick<DecideCommand, 'entry' | 'decisions' | 'vars'>): JsonObject {
  const decision: Record<string, Json> = {};
  for (const [stepId, taken] of Object.entries(command.decisions)) {
    const { fields, ...rest } = taken;
    decision[stepId] = { ...rest, ...fields };
  }
  return { entry: command.entry, decision, vars: command.vars };
}

/** What the interpreter is told of a decision. */
export function resultOf(record: DecisionRecord): EffectResult {
  return {
    kind: 'decided',
    decisionId: record.decisionId,
    action: record.chosenAction ?? 'nothing',
    treatment: record.chosenTreatment,
    fields: {
      group: record.group,
      propensity: record.chosenPropensity,
      channel: record.chosenChannel,
      fallback_reason: record.fallbackReason,
    },
  };
}
