import { fromUnits, hashUuid, toUnits } from '#libs/kernel';
import type { Fact } from '#libs/contracts';
import { gateChecks, gateOf, type Withhold } from '#libs/policy';
import type { DeliverCommand, EffectResult } from '#libs/scenario';
import type { ActionRule, CatalogueSource, TreatmentRule } from '../catalogue/catalogue.js';
import type { ContactState, ContactStore } from '../contact/contact.js';
import { gateRequest, type GateKnowledge } from '../contact/gate-input.js';
import { hasSender } from '../decision/candidates.js';
import { scopeOf } from '../decision/decider.js';
import type { DecisionStore } from '../decision/ports.js';
import type { Tx } from '../ports/transaction.js';
import type { Cancelled, EffectRequest } from '../runtime/effects.js';
import { ownerFor } from '../task/owner.js';
import type { TaskMaker } from '../task/task-maker.js';
import { deliveryFact, withheldFact, withheldOf } from './delivery-fact.js';
import type { Delivery, DeliveryStore, WithheldRow } from './ports.js';

/** What the planner works with. */
export interface PlannerPorts {
  readonly catalogue: CatalogueSource;
  readonly contacts: ContactStore;
  readonly decisions: DecisionStore;
  readonly deliveries: DeliveryStore;
  readonly tasks: TaskMaker;
  readonly known: Omit<GateKnowledge, 'catalogue'>;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
}

// A plain action goes by the first treatment that the gate would let pass but for the hour.
const gateButHours = gateOf(
  gateChecks.filter((check) => check.stage !== 'quiet_hours' && check.stage !== 'caps'),
);
const WINDOW_DAYS = 366;
const NO_OWNER = { stage: 'address', reason: 'no_owner' } as const;

/** Turns `deliver` into intended deliveries; the gate judges them when they are sent. */
export class DeliveryPlanner {
  constructor(private readonly ports: PlannerPorts) {}

  /** Null where the answer comes once the message is sent or withheld. */
  async plan(
    tx: Tx,
    requests: readonly EffectRequest<DeliverCommand>[],
  ): Promise<readonly (EffectResult | null)[]> {
    const catalogue = this.ports.catalogue.current();
    const known: GateKnowledge = { ...this.ports.known, catalogue };
    const states = await this.statesFor(tx, requests, known);
    const commands = await this.ports.decisions.commandsOf(
      tx,
      requests.flatMap(({ command }) => command.decision?.decisionId ?? []),
    );
    const intended: Delivery[] = [];
    const refused: WithheldRow[] = [];
    const results: (EffectResult | null)[] = [];
    for (const request of requests) {
      const { command } = request;
      const action = catalogue.actions.get(command.action);
      const state = states.get(request.person.profileId) ?? null;
      const choice = choose(action, { request, known, state });
      if ('refusal' in choice) {
        const drafting = { request, action, currency: catalogue.currency };
        const row = withheldOf(draft({ ...drafting, treatment: null, reservationId: null }), {
          ...choice.refusal,
          atMs: request.nowMs,
        });
        refused.push(row);
        results.push({ kind: 'delivered', outcome: 'withheld', reason: choice.refusal.reason });
        continue;
      }
      const { treatment } = choice;
      if (treatment.channel === 'task') {
        results.push(await this.ports.tasks.fromTreatment(tx, { request, treatment }));
        continue;
      }
      const decisionId = command.decision?.decisionId;
      const reservation = decisionId === undefined ? undefined : commands.get(decisionId);
      intended.push(
        draft({
          request,
          action,
          treatment,
          currency: catalogue.currency,
          reservationId: reservation ?? null,
        }),
      );
      results.push(null);
    }
    await this.ports.deliveries.insert(tx, intended);
    await this.ports.deliveries.withhold(tx, refused);
    await this.ports.writeFacts(tx, [...intended.map(deliveryFact), ...refused.map(withheldFact)]);
    return results;
  }

  /** Only plain actions with several treatments need the gate before the moment of sending. */
  private async statesFor(
    tx: Tx,
    requests: readonly EffectRequest<DeliverCommand>[],
    known: GateKnowledge,
  ): Promise<ReadonlyMap<string, ContactState>> {
    const plain = requests.filter(({ command }) => command.treatment === null);
    if (plain.length === 0) return new Map();
    const today = known.calendar.localDay(plain[0]?.nowMs ?? 0, known.catalogue.timezone);
    return await this.ports.contacts.load(
      tx,
      [...new Set(plain.map(({ person }) => person.profileId))],
      today - WINDOW_DAYS,
    );
  }

  /** Deliveries still intended of what is over are withheld, and give their place back. */
  async cancel(tx: Tx, of: Cancelled, nowMs: number): Promise<void> {
    if (of.enrolmentIds.length + of.commandIds.length === 0) return;
    const rows = await this.ports.deliveries.intendedOf(tx, of);
    if (rows.length === 0) return;
    const ended = new Set<string | null>(of.enrolmentIds);
    const withheld = rows.map((row) => ({
      ...row,
      state: 'withheld' as const,
      version: row.version + 1,
      updatedAtMs: nowMs,
    }));
    const reasons = rows.map((row) =>
      withheldOf(row, {
        stage: 'request',
        reason: ended.has(row.enrolmentId) ? 'enrolment_ended' : 'step_cut_short',
        atMs: nowMs,
      }),
    );
    await this.ports.deliveries.update(tx, withheld);
    await this.ports.deliveries.withhold(tx, reasons);
    await this.ports.contacts.move(
      tx,
      rows.map((row) => ({ commandId: row.reservationId, state: 'released', day: 0 })),
    );
    await this.ports.writeFacts(tx, [...withheld.map(deliveryFact), ...reasons.map(withheldFact)]);
  }
}

interface Choosing {
  readonly request: EffectRequest<DeliverCommand>;
  readonly known: GateKnowledge;
  readonly state: ContactState | null;
}

type Refusal = Pick<Withhold, 'stage' | 'reason'>;

type Choice =
  | { readonly treatment: TreatmentRule }
  | { readonly refusal: { readonly stage: string; readonly reason: string } };

function choose(action: ActionRule | undefined, at: Choosing): Choice {
  const { command } = at.request;
  if (action === undefined) return { refusal: { stage: 'request', reason: 'action_unknown' } };
  if (command.treatment !== null) {
    const named = action.treatments.find((treatment) => treatment.id === command.treatment);
    return named === undefined
      ? { refusal: { stage: 'request', reason: 'treatment_unknown' } }
      : { treatment: named };
  }
  let first: Refusal | null = null;
  for (const treatment of action.treatments) {
    const refusal = refusalOf(action, treatment, at);
    if (refusal === null) return { treatment };
    first ??= refusal;
  }
  return { refusal: first ?? { stage: 'request', reason: 'treatment_unknown' } };
}

function refusalOf(action: ActionRule, treatment: TreatmentRule, at: Choosing): Refusal | null {
  if (action.treatments.length === 1) return null;
  const { request, known } = at;
  if (treatment.task !== null) {
    const isOwned = ownerFor(treatment.task.for, request.person) !== null;
    return isOwned ? null : NO_OWNER;
  }
  const verdict = gateButHours(
    gateRequest(
      {
        atMs: request.nowMs,
        person: request.person,
        state: at.state,
        channel: treatment.channel,
        purpose: request.command.purpose,
        action: action.id,
        group: request.enrolment.group,
        hasSender: hasSender(treatment, known),
        isB2bRelevant: action.b2bRelevant,
        ownCommandIds: [request.command.commandId],
        firstPutOffAtMs: null,
        isEnrolmentEnded: false,
      },
      known,
    ),
  );
  return verdict.kind === 'withhold' ? verdict : null;
}

interface Drafting {
  readonly request: EffectRequest<DeliverCommand>;
  readonly action: ActionRule | undefined;
  /** Null where nothing could be chosen: the draft is then only told as withheld. */
  readonly treatment: TreatmentRule | null;
  readonly currency: string;
  /** The decision's command, whose place under the caps it takes. */
  readonly reservationId: string | null;
}

function draft(drafting: Drafting): Delivery {
  const { request, action, treatment, currency, reservationId } = drafting;
  const { command, enrolment, person, nowMs } = request;
  return {
    ...UNSENT,
    ...treatmentColumns(treatment),
    id: hashUuid('delivery', command.commandId),
    commandId: command.commandId,
    profileId: person.profileId,
    accountId: person.accountId,
    enrolmentId: enrolment.id,
    decisionId: command.decision?.decisionId ?? null,
    reservationId: reservationId ?? command.commandId,
    scenario: enrolment.scenario,
    stepId: command.stepId,
    group: enrolment.group,
    action: command.action,
    purpose: command.purpose,
    vars: scopeOf(command),
    intendedAtMs: nowMs,
    sendAtMs: nowMs,
    updatedAtMs: nowMs,
    cost: costOf(action, treatment),
    currency,
    isSample: enrolment.isSample,
  };
}

/** What a delivery is before anybody took it up. */
const UNSENT = {
  state: 'intended',
  version: 1,
  links: [],
  firstPutOffAtMs: null,
  retryWallMs: 0,
  attempts: 0,
  claimedBy: null,
  acceptedAtMs: null,
  provider: '',
  providerId: null,
  smsSegments: null,
  detail: null,
} as const;

function treatmentColumns(
  treatment: TreatmentRule | null,
): Pick<Delivery, 'channel' | 'treatment' | 'template' | 'sender'> {
  return {
    channel: treatment?.channel ?? '',
    treatment: treatment?.id ?? '',
    template: treatment?.template ?? '',
    sender: treatment?.sender ?? '',
  };
}

function costOf(action: ActionRule | undefined, treatment: TreatmentRule | null): string {
  if (action === undefined || treatment === null) return '0.00';
  return fromUnits(toUnits(action.cost[treatment.id] ?? action.cost[treatment.channel] ?? 0));
}
