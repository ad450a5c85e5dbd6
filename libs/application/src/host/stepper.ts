import type { StepFact } from '#libs/contracts';
import type { CommandId, ProfileId } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import {
  rewardWatch,
  transition,
  type Command,
  type DecideCommand,
  type Definition,
  type DeliverCommand,
  type EffectResult,
  type EmitCommand,
  type EnrolCommand,
  type ListenCommand,
  type Migrated,
  type PointsCommand,
  type State,
  type TaskCommand,
  type Transition,
  type UpdateCommand,
  type WebhookCommand,
} from '#libs/scenario';
import { enrolRequest } from '../entrance/request-enrolment.js';
import type { Tx } from '../ports/transaction.js';
import type { EffectRequest, EffectRunner } from '../runtime/effects.js';
import { isHeldBy } from '../runtime/holds.js';
import type { EventHistory, EventSink, PersonContext } from '../runtime/ports.js';
import { contextFor, type Zones } from './answers.js';
import type { BareInput } from './bare-input.js';
import { stepFact } from './facts.js';
import { applyHeld } from './holding.js';
import { watchRow } from './watches.js';
import type { LiveEnrolment, WorkingSet } from './working-set.js';

/** What carrying out commands needs. */
export interface StepperPorts {
  readonly effects: EffectRunner;
  readonly history: EventHistory;
  readonly events: EventSink;
  readonly calendar: ZonedCalendar;
  readonly zones: () => Zones;
}

interface Pending<Wanted extends Command> {
  readonly live: LiveEnrolment;
  readonly command: Wanted;
}

// A scenario may decide and deliver many times without waiting; a bound keeps a loop visible.
const MAX_ROUNDS = 500;

/** Applies inputs to enrolments in hand and carries out, in bulk, what the interpreter asks for. */
export class Stepper {
  private decides: Pending<DecideCommand>[] = [];
  private delivers: Pending<DeliverCommand>[] = [];
  private tasks: Pending<TaskCommand>[] = [];
  private listens: Pending<ListenCommand>[] = [];
  private calls: Pending<WebhookCommand>[] = [];
  private events: Pending<TellingCommand>[] = [];
  private cutShort: CommandId[] = [];

  constructor(
    private readonly ports: StepperPorts,
    private readonly set: WorkingSet,
  ) {}

  /** Applies one input; answers whether the interpreter took it. */
  apply(live: LiveEnrolment, input: BareInput): boolean {
    const isMove = input.type !== 'control' && input.type !== 'entered';
    return isMove && isHeldBy(this.set.holds, live.row.scenario)
      ? applyHeld(this, this.set, { live, input })
      : this.take(live, input);
  }

  /** Applies one input whatever is held. */
  take(live: LiveEnrolment, input: BareInput): boolean {
    const result = this.foresee(live, live.row.state, input);
    for (const step of result.steps) this.set.facts.push(stepFact(live.row, step, this.set.nowMs));
    if (result.state !== live.row.state) this.set.replace(live, result.state);
    for (const command of result.commands) this.queue(live, command);
    return result.ignored === undefined;
  }

  /** Puts an enrolment under another version and queues what its waits ask for there. */
  moveTo(live: LiveEnrolment, to: Definition, migrated: Migrated): void {
    const { state, steps, commands } = migrated;
    const facts = (isLeft: boolean): readonly StepFact[] =>
      steps
        .filter(({ leftAtMs }) => (leftAtMs !== undefined) === isLeft)
        .map((step) => stepFact(live.row, step, this.set.nowMs));
    this.set.facts.push(...facts(true));
    this.set.moveTo(live, to, state);
    this.set.facts.push(...facts(false));
    for (const command of commands) this.queue(live, command);
  }

  /** What an input would lead to; nothing is done. */
  foresee(live: LiveEnrolment, state: State, input: BareInput): Transition {
    const atMs = Math.max(this.set.nowMs, state.lastAtMs);
    const context = contextFor(live.definition, this.personOf(live), {
      atMs,
      calendar: this.ports.calendar,
      zones: this.ports.zones(),
    });
    return transition(live.definition, state, { ...input, atMs, context });
  }

  private queue(live: LiveEnrolment, command: Command): void {
    switch (command.type) {
      case 'decide':
        this.decides.push({ live, command });
        return;
      case 'deliver':
        this.delivers.push({ live, command });
        return;
      case 'task':
        this.tasks.push({ live, command });
        return;
      case 'webhook':
        this.calls.push({ live, command });
        return;
      case 'update':
      case 'emit':
      case 'points':
      case 'enrol':
        this.events.push({ live, command });
        return;
      case 'cancel':
        this.cutShort.push(command.commandId);
        return;
      case 'listen':
        // What is still to come will be routed; only a mark in the past calls for a look back.
        if (command.mark.atMs < live.row.state.lastAtMs) this.listens.push({ live, command });
        return;
      default:
        // Timers and waits are read off the state (timers.ts), and an end too; the fact of a step
        // carries the arm of an experiment as its branch.
        return;
    }
  }

  /** Carries out everything asked for, and what follows from it, until nothing is left. */
  async drain(tx: Tx): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (this.decides.length > 0) await this.runDecides(tx);
      else if (this.delivers.length > 0) await this.runDelivers(tx);
      else if (this.listens.length > 0) await this.lookBack(tx);
      else break;
    }
    await this.runTasks(tx);
    await this.runCalls(tx);
    await this.runEvents(tx);
    const commandIds = this.cutShort;
    this.cutShort = [];
    const over = { enrolmentIds: this.set.endedIds, commandIds };
    await this.ports.effects.cancel(tx, over, this.set.nowMs);
  }

  private async runDecides(tx: Tx): Promise<void> {
    const asked = this.decides;
    this.decides = [];
    const results = await this.ports.effects.decide(
      tx,
      asked.map((pending) => this.requestOf(pending)),
    );
    asked.forEach(({ live, command }, index) => {
      const result = results[index];
      if (result === undefined) return;
      this.openRewardWatch(live, command, result);
      this.apply(live, { type: 'result', commandId: command.commandId, result });
    });
  }

  private openRewardWatch(live: LiveEnrolment, command: DecideCommand, result: EffectResult): void {
    if (result.kind !== 'decided') return;
    const spec = rewardWatch(live.definition, live.row.state, {
      stepId: command.stepId,
      decisionId: result.decisionId,
      decidedAtMs: this.set.nowMs,
    });
    if (spec === null) return;
    const watch = watchRow(live.row, spec);
    this.set.watches.push(watch);
    this.set.addWatch(watch);
  }

  private async runDelivers(tx: Tx): Promise<void> {
    const asked = this.delivers;
    this.delivers = [];
    const results = await this.ports.effects.deliver(
      tx,
      asked.map((pending) => this.requestOf(pending)),
    );
    asked.forEach(({ live, command }, index) => {
      const result = results[index] ?? null;
      if (result === null) return;
      this.apply(live, { type: 'result', commandId: command.commandId, result });
    });
  }

  private async lookBack(tx: Tx): Promise<void> {
    const asked = this.listens;
    this.listens = [];
    const found = await this.ports.history.since(
      tx,
      asked.map(({ live, command }) => ({
        profileId: live.row.profileId,
        names: command.on,
        mark: command.mark,
      })),
    );
    asked.forEach(({ live }, index) => {
      for (const event of found[index] ?? []) {
        if (this.apply(live, { type: 'event', event })) break;
      }
    });
  }

  private async runTasks(tx: Tx): Promise<void> {
    const asked = this.tasks;
    this.tasks = [];
    if (asked.length === 0) return;
    await this.ports.effects.task(
      tx,
      asked.map((pending) => this.requestOf(pending)),
    );
  }

  private async runCalls(tx: Tx): Promise<void> {
    const asked = this.calls;
    this.calls = [];
    if (asked.length === 0) return;
    await this.ports.effects.call(
      tx,
      asked.map((pending) => this.requestOf(pending)),
    );
  }

  private async runEvents(tx: Tx): Promise<void> {
    const asked = this.events;
    this.events = [];
    if (asked.length === 0) return;
    await this.ports.events.emit(
      tx,
      asked.map(({ live, command }) => ({
        messageId: `${command.type}/${command.commandId}`,
        profileId: live.row.profileId,
        atMs: this.set.nowMs,
        ...told(command),
        isSample: live.row.isSample,
      })),
    );
  }

  private requestOf<Wanted extends Command>(pending: Pending<Wanted>): EffectRequest<Wanted> {
    const { live, command } = pending;
    return {
      command,
      enrolment: live.row,
      definition: live.definition,
      person: this.personOf(live),
      nowMs: this.set.nowMs,
    };
  }

  private personOf(live: LiveEnrolment): PersonContext {
    return this.set.people.get(live.row.profileId) ?? unknownPerson(live.row.profileId);
  }
}

/** A command that comes to an event about the person. */
type TellingCommand = UpdateCommand | EmitCommand | PointsCommand | EnrolCommand;

function told(
  command: TellingCommand,
): Pick<Parameters<EventSink['emit']>[1][number], 'name' | 'properties' | 'traits'> {
  switch (command.type) {
    case 'emit':
      return { name: command.event, properties: command.properties };
    case 'update':
      return { name: 'relance_profile_updated', properties: {}, traits: command.traits };
    case 'points': {
      const { points, reason } = command;
      return { name: 'relance_points_changed', properties: { points, reason } };
    }
    case 'enrol': {
      const { scenario, properties, commandId: key } = command;
      return enrolRequest({ scenario, key, properties });
    }
  }
}

/** Somebody the store does not know any more: every condition fails, every send is refused. */
export function unknownPerson(profileId: ProfileId): PersonContext {
  return {
    profileId,
    version: 0,
    profile: {},
    account: null,
    accountId: null,
    timezone: null,
    locale: null,
    groupUnit: profileId,
    segments: [],
    isSample: false,
  };
}
