import {
  durationMs,
  hashUuid,
  localised,
  parseDuration,
  present,
  type EpochMs,
  type JsonObject,
} from '#libs/kernel';
import type { Fact, TaskFact } from '#libs/contracts';
import type { DeliverCommand, EffectResult, TaskCommand } from '#libs/scenario';
import type { CatalogueSource, TreatmentRule } from '../catalogue/catalogue.js';
import { scopeOf } from '../decision/decider.js';
import { withheldFact } from '../delivery/delivery-fact.js';
import type { TemplateVariables } from '../channels/ports.js';
import type { DeliveryStore, WithheldRow } from '../delivery/ports.js';
import type { Tx } from '../ports/transaction.js';
import type { EffectRequest } from '../runtime/effects.js';
import { ownerFor } from './owner.js';

/** A task for a rep, as stored. */
export interface TaskRow {
  readonly id: string;
  readonly commandId: string;
  readonly profileId: string;
  readonly accountId: string | null;
  /** A rep's lower-cased e-mail, or a queue. */
  readonly owner: string;
  readonly scenario: string | null;
  readonly enrolmentId: string | null;
  readonly decisionId: string | null;
  readonly title: string;
  readonly note: string | null;
  readonly reasons: readonly string[];
  readonly dueAtMs: EpochMs | null;
  readonly state: 'open' | 'done' | 'declined' | 'expired' | 'withheld';
  readonly outcome: string | null;
  readonly version: number;
  readonly createdAtMs: EpochMs;
  readonly closedAtMs: EpochMs | null;
  readonly isSample: boolean;
}

/** Tasks in the store. */
export interface TaskStore {
  insert(tx: Tx, rows: readonly TaskRow[]): Promise<void>;
}

/**
 * Renders `{{...}}` in a text of a scenario, leaving out variables that are missing; null where the
 * text cannot be written at all.
 */
export type RenderText = (
  source: string,
  given: {
    readonly variables: JsonObject;
    readonly format: NonNullable<TemplateVariables['format']>;
  },
) => string | null;

/** What making tasks needs. */
export interface TaskMakerPorts {
  readonly catalogue: CatalogueSource;
  readonly tasks: TaskStore;
  readonly deliveries: DeliveryStore;
  readonly renderText: RenderText;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
}

/** Makes tasks for reps. A task for an owner that nobody is goes to its queue, or is withheld. */
export class TaskMaker {
  constructor(private readonly ports: TaskMakerPorts) {}

  async fromSteps(tx: Tx, requests: readonly EffectRequest<TaskCommand>[]): Promise<void> {
    const made: TaskRow[] = [];
    const refused: WithheldRow[] = [];
    for (const request of requests) {
      const { command } = request;
      const owner = ownerFor(command.for, request.person);
      if (owner === null) {
        refused.push(refusal(request, 'task'));
        continue;
      }
      const last = Object.values(command.decisions).at(-1);
      made.push({
        ...this.base(request, owner),
        decisionId: last?.decisionId ?? null,
        title: this.text(command.title, request),
        note: command.note === null ? null : this.text(command.note, request),
        dueAtMs: command.dueMs,
      });
    }
    await this.write(tx, made, refused);
  }

  /** The task that an action's treatment stands for; the answer to its `deliver`. */
  async fromTreatment(
    tx: Tx,
    asked: {
      readonly request: EffectRequest<DeliverCommand>;
      readonly treatment: TreatmentRule;
    },
  ): Promise<EffectResult> {
    const { request, treatment } = asked;
    const rule = present(treatment.task, 'task of a task treatment');
    const owner = ownerFor(rule.for, request.person);
    if (owner === null) {
      const refused = refusal(request, request.command.action);
      await this.write(tx, [], [refused]);
      return { kind: 'delivered', outcome: 'withheld', reason: refused.reason };
    }
    const due = parseDuration(rule.due);
    const row: TaskRow = {
      ...this.base(request, owner),
      decisionId: request.command.decision?.decisionId ?? null,
      title: this.text(rule.title, request),
      note: rule.note === null ? null : this.text(rule.note, request),
      dueAtMs: request.nowMs + (due.ok ? durationMs(due.value) : 0),
    };
    await this.write(tx, [row], []);
    return { kind: 'delivered', outcome: 'accepted' };
  }

  private base(
    request: EffectRequest<TaskCommand> | EffectRequest<DeliverCommand>,
    owner: string,
  ): Omit<TaskRow, 'title' | 'note' | 'dueAtMs' | 'decisionId'> {
    const { command, enrolment, person, nowMs } = request;
    return {
      id: hashUuid('task', command.commandId),
      commandId: command.commandId,
      profileId: person.profileId,
      accountId: person.accountId,
      owner,
      scenario: enrolment.scenario,
      enrolmentId: enrolment.id,
      reasons: [localised(request.definition.name, this.locale())],
      state: 'open',
      outcome: null,
      version: 1,
      createdAtMs: nowMs,
      closedAtMs: null,
      isSample: enrolment.isSample,
    };
  }

  /** The workspace's first: a rep reads one language, whatever the customer's. */
  private locale(): string {
    return this.ports.catalogue.current().locales[0] ?? 'fr';
  }

  private text(
    text: Readonly<Record<string, string>>,
    request: EffectRequest<TaskCommand> | EffectRequest<DeliverCommand>,
  ): string {
    const { currency, timezone } = this.ports.catalogue.current();
    const locale = this.locale();
    const source = localised(text, locale);
    const variables = {
      ...scopeOf(request.command),
      profile: request.person.profile,
      account: request.person.account,
    };
    // A title with holes still tells the rep more than no task.
    return (
      this.ports.renderText(source, { variables, format: { locale, timezone, currency } }) ??
      source
        .replace(/\{\{[^}]*\}\}/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    );
  }

  private async write(
    tx: Tx,
    made: readonly TaskRow[],
    refused: readonly WithheldRow[],
  ): Promise<void> {
    await this.ports.tasks.insert(tx, made);
    await this.ports.deliveries.withhold(tx, refused);
    await this.ports.writeFacts(tx, [...made.map(taskFact), ...refused.map(withheldFact)]);
  }
}

function refusal(
  request: EffectRequest<TaskCommand> | EffectRequest<DeliverCommand>,
  action: string,
): WithheldRow {
  const { command, enrolment, person, nowMs } = request;
  return {
    id: hashUuid('withheld', command.commandId),
    profileId: person.profileId,
    enrolmentId: enrolment.id,
    decisionId: null,
    scenario: enrolment.scenario,
    stepId: command.stepId,
    channel: 'task',
    action,
    stage: 'address',
    reason: 'no_owner',
    atMs: nowMs,
    isSample: enrolment.isSample,
  };
}

/** The fact of a task as it stands. */
export function taskFact(row: TaskRow): TaskFact {
  return {
    id: row.id,
    kind: 'task',
    version: row.version,
    atMs: row.closedAtMs ?? row.createdAtMs,
    profileId: row.profileId,
    body: {
      accountId: row.accountId,
      owner: row.owner,
      scenario: row.scenario,
      enrolmentId: row.enrolmentId,
      decisionId: row.decisionId,
      title: row.title,
      dueAtMs: row.dueAtMs,
      state: row.state,
      outcome: row.outcome,
      closedAtMs: row.closedAtMs,
      createdAtMs: row.createdAtMs,
      sample: row.isSample,
    },
  };
}
