import {
  createEvaluate,
  Definitions,
  DeliverySender,
  engineEvent,
  ProfileKeeper,
  profileSettings,
  routeEvent,
  Stepper,
  timersOf,
  WorkingSet,
  type Catalogue,
  type EventSink,
  type GroupDrawer,
  type Membership,
  type ProfileSettings,
  type Routing,
  type StepperPorts,
  type Tx,
} from '#libs/application';
import type { Fact, RawEvent } from '#libs/contracts';
import {
  assert,
  type CommandId,
  type EnrolmentId,
  type EpochMs,
  type ProfileId,
} from '#libs/kernel';
import type { InputEvent } from '#libs/scenario';
import { Agenda } from './agenda.js';
import { SimulatedClock } from './clock.js';
import { simulatedEffects } from './effects.js';
import { happeningOf, type Happening } from './happening.js';
import { historyOf, keyOfLedger, Population, type SimulatedPerson } from './population.js';
import { catalogueOf, type Shared, type SimulationOptions } from './options.js';
import { ACCEPTING, calledAnswer, UNWRITTEN, type Answer } from './sending.js';
import { SimulatedContacts, SimulatedDecisions, SimulatedDeliveries } from './stores.js';

/** Nothing of a simulation is ever undone. */
const TX = {} as Tx;
// Events that answer events without any time passing: beyond, a scenario feeds itself.
const MOST_AT_ONCE = 10_000;
const MOST_CLAIMED = 100;

type Wake =
  | { readonly kind: 'enrolment'; readonly profileId: ProfileId; readonly id: EnrolmentId }
  | { readonly kind: 'person'; readonly profileId: ProfileId };

/**
 * The third host of the interpreter: people in memory, a clock that is moved, a heap of what is due.
 * Routing, stepping, decisions, the gate and profiles are the engine's own code over stores in
 * memory; it holds no rule, and writes nothing.
 */
export class Simulator {
  readonly clock: SimulatedClock;
  readonly population: Population;
  readonly definitions: Definitions;
  readonly settings: ProfileSettings;
  /** While true profiles keep up, and scenarios hear nothing: the past before a simulation. */
  isMuted = false;
  private readonly keeper: ProfileKeeper;
  private readonly agenda = new Agenda<Wake>();
  private readonly deliveries: SimulatedDeliveries;
  private readonly sender: DeliverySender;
  private readonly ports: StepperPorts;
  private readonly groups: GroupDrawer;
  private readonly emitted: RawEvent[] = [];
  private readonly answers: Answer[] = [];
  private readonly profileOf = new Map<EnrolmentId, ProfileId>();
  /** The turn under way, and how many of its facts were told. */
  private open: { readonly set: WorkingSet; told: number } | null = null;
  private readonly signal = new AbortController().signal;

  constructor(private readonly options: SimulationOptions) {
    const { workspace, calendar, startMs } = options;
    this.clock = new SimulatedClock(startMs);
    this.settings = profileSettings(workspace, calendar, options.normalisePhone);
    this.population = new Population(this.settings);
    const definitions = options.definitions ?? workspace.definitions;
    this.definitions = new Definitions(
      definitions,
      definitions.map(({ scenario, hash }) => ({ scenario, definition: hash, isPaused: false })),
    );
    this.keeper = new ProfileKeeper(this.settings, (name) => this.definitions.isHeard(name));
    const catalogue = catalogueOf(options);
    this.groups = options.groups(catalogue);
    this.deliveries = new SimulatedDeliveries((delivery) => {
      const { profileId, scenario, stepId, channel, action, sendAtMs: untilMs } = delivery;
      const about = { atMs: this.clock.nowMs(), profileId, scenario: scenario ?? '' };
      this.tell({ ...about, kind: 'put_off', stepId: stepId ?? '', channel, action, untilMs });
    });
    const shared: Shared = {
      catalogue: { current: () => catalogue },
      contacts: new SimulatedContacts(this.population),
      known: { calendar, evaluate: createEvaluate() },
      deliveries: this.deliveries,
      events: { emit: (_tx, rows) => Promise.resolve(this.emit(rows)) },
      writeFacts: (_tx: Tx, facts: readonly Fact[]) => {
        this.tellFacts(facts);
        return Promise.resolve();
      },
    };
    this.ports = this.portsOf(shared, catalogue);
    this.sender = this.senderOf(shared);
  }

  private portsOf({ events, ...shared }: Shared, { timezone, country }: Catalogue): StepperPorts {
    const { options } = this;
    const model = options.model ?? { version: 'none', posteriors: new Map() };
    const effects = simulatedEffects({
      ...shared,
      decisions: new SimulatedDecisions(model),
      way: options.decisions,
      renderText: options.renderText ?? ((source) => source),
      onCalled: (requests) => {
        this.answers.push(...requests.map(calledAnswer));
      },
      onStated: ({ command, enrolment, nowMs }, { action, treatment }) => {
        const { profileId, scenario, group } = enrolment;
        const about = { atMs: nowMs, profileId, scenario, stepId: command.stepId, group };
        this.tell({ ...about, kind: 'decided', action, treatment, refused: [] });
      },
    });
    const zones = { workspace: timezone, country };
    const { calendar } = options;
    return { effects, events, calendar, history: historyOf(this.population), zones: () => zones };
  }

  private senderOf(shared: Shared): DeliverySender {
    return new DeliverySender({
      ...shared,
      work: { transaction: (work) => work(TX) },
      people: { load: (_tx, ids) => Promise.resolve(this.population.contextsOf(ids)) },
      inbox: {
        post: (_tx, rows) => {
          this.answers.push(...rows);
          return Promise.resolve();
        },
      },
      composers: UNWRITTEN,
      channels: ACCEPTING,
      clock: this.clock,
      wallMs: () => this.clock.nowMs(),
      runId: 'simulation',
    });
  }

  /** Whether anything is due at an instant or before. */
  isDue(atMs: EpochMs): boolean {
    return (this.nextMs ?? Infinity) <= atMs;
  }

  /** Instant of the next thing that time brings about; null where nothing is to come. */
  get nextMs(): EpochMs | null {
    const [wakeMs, sendMs] = [this.agenda.nextMs, this.deliveries.nextMs];
    return wakeMs === null || sendMs === null ? (wakeMs ?? sendMs) : Math.min(wakeMs, sendMs);
  }

  /** Lets everything happen that is due up to an instant, that instant included. */
  async runTo(atMs: EpochMs): Promise<void> {
    for (let next = this.nextMs; next !== null && next <= atMs; next = this.nextMs) {
      this.clock.moveTo(next);
      if (this.agenda.nextMs === next) await this.wake(this.agenda.take()?.about);
      await this.settle();
    }
    this.clock.moveTo(atMs);
  }

  /**
   * An event arrives now, with the profile it is about. Done at once where no scenario hears of it,
   * as of most; else when the promise resolves.
   */
  hear(event: RawEvent): Promise<void> | undefined {
    if (event.account !== undefined) return this.takeAll(event);
    const person = this.personOf(event);
    const heard = this.learn(person, event);
    return heard.length === 0 ? undefined : this.routeAll(person, heard);
  }

  /** Applies an event to its profile alone: scenarios hear nothing of it. */
  remember(event: RawEvent, profileId: string, membership?: Membership): void {
    const person = this.population.of(profileId);
    this.keeper.apply(person.held, event, { ...this.hearing(), membership });
    this.changed(person);
  }

  private hearing() {
    return { nowMs: this.clock.nowMs(), accountView: this.population.accounts.view };
  }

  private async takeAll(event: RawEvent): Promise<void> {
    await this.take(event);
    await this.settle();
  }

  private async routeAll(person: SimulatedPerson, heard: readonly InputEvent[]): Promise<void> {
    await this.route(person, heard);
    await this.settle();
  }

  private async take(event: RawEvent): Promise<void> {
    const person = this.personOf(event);
    const { accounts } = this.population;
    const membership =
      event.account === undefined
        ? undefined
        : await accounts.learn(event, person.id, this.clock.nowMs());
    await this.route(person, this.learn(person, event, membership));
  }

  private personOf({ profileId }: RawEvent): SimulatedPerson {
    assert(profileId !== undefined, 'an event of a simulation names its profile');
    return this.population.of(profileId);
  }

  /** Applies an event to its profile; answers what scenarios are to hear, nothing while muted. */
  private learn(
    person: SimulatedPerson,
    event: RawEvent,
    membership?: Membership,
  ): readonly InputEvent[] {
    const heard = this.keeper.apply(person.held, event, { ...this.hearing(), membership });
    if (heard === null) return [];
    this.changed(person);
    return this.isMuted ? [] : heard.filter(({ name }) => this.definitions.isHeard(name));
  }

  private changed(person: SimulatedPerson): void {
    person.context = null;
    const { dueAtMs } = person.held;
    if (dueAtMs === null) return;
    // A moment that has come already is looked at with the next one: time must pass in between.
    const atMs = Math.max(dueAtMs, this.clock.nowMs() + 1);
    if (person.lookAtMs === atMs) return;
    person.lookAtMs = atMs;
    this.agenda.add({ atMs, about: { kind: 'person', profileId: person.id } });
  }

  private async wake(wake: Wake | undefined): Promise<void> {
    if (wake === undefined) return;
    const nowMs = this.clock.nowMs();
    const person = this.population.of(wake.profileId);
    if (wake.kind === 'person') {
      if (person.lookAtMs !== nowMs) return;
      person.lookAtMs = null;
      const heard = this.keeper.refresh(person.held, this.hearing());
      this.changed(person);
      return await this.route(person, heard);
    }
    const row = person.running.get(wake.id);
    const definition = row && this.definitions.byHash(row.definition);
    if (row === undefined || definition === undefined) return;
    const due = timersOf(definition, row.state).filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return;
    await this.turn(person, (set, stepper) => {
      const live = set.get(wake.id);
      for (const { commandId } of due) if (live) stepper.apply(live, { type: 'timer', commandId });
    });
  }

  /** Sends what is due, hands answers back, hears what the engine itself said, until all is quiet. */
  private async settle(): Promise<void> {
    for (let round = 0; round < MOST_AT_ONCE; round += 1) {
      const event = this.emitted.shift();
      const isMailDue = (this.deliveries.nextMs ?? Infinity) <= this.clock.nowMs();
      if (event !== undefined) await this.take(event);
      else if (this.answers.length > 0) await this.answer(this.answers.splice(0));
      else if (isMailDue) await this.sender.round(MOST_CLAIMED, this.signal);
      else return;
    }
    this.emitted.length = 0;
  }

  private async answer(answers: readonly Answer[]): Promise<void> {
    for (const { enrolmentId, input } of answers) {
      const owner = this.profileOf.get(enrolmentId);
      if (owner === undefined || input.type !== 'result') continue;
      await this.turn(this.population.of(owner), (set, stepper) => {
        const live = set.get(enrolmentId);
        const { result, effectAtMs } = input;
        const commandId = input.commandId as CommandId;
        if (live) stepper.apply(live, { type: 'result', commandId, result, effectAtMs });
      });
    }
  }

  private async route(person: SimulatedPerson, events: readonly InputEvent[]): Promise<void> {
    const heard = events.filter(({ name }) => this.definitions.isHeard(name));
    if (this.isMuted || heard.length === 0) return;
    for (const event of heard) if (!event.historical) person.events.push(event);
    await this.turn(person, (set, stepper) => {
      const { ports, definitions, groups } = this;
      const routing: Routing = {
        set,
        stepper,
        ports,
        definitions,
        groups,
        matches: [],
        onRefused: ({ definition: { scenario }, profileId, reason }) => {
          // Of another segment than the one that enters: nobody would ask why.
          if (reason === 'other_event') return;
          this.tell({ atMs: set.nowMs, profileId, scenario, kind: 'not_entered', reason });
        },
      };
      for (const event of heard) routeEvent(routing, event, person.id);
      for (const { kind, scenario, profileId, value } of routing.matches) {
        this.tell({ atMs: set.nowMs, profileId, scenario, kind, value });
      }
    });
  }

  /** One turn of the host about one person. */
  private async turn(
    person: SimulatedPerson,
    work: (set: WorkingSet, stepper: Stepper) => void,
  ): Promise<void> {
    const context = this.population.contextOf(person);
    if (context === undefined) return;
    const set = new WorkingSet(this.clock.nowMs());
    set.people.set(person.id, context);
    for (const row of person.running.values()) {
      const definition = this.definitions.byHash(row.definition);
      if (definition !== undefined) set.add(row, definition, false);
    }
    for (const row of person.ledger.values()) set.addLedger(row);
    for (const watch of person.watches) set.addWatch(watch);
    const stepper = new Stepper(this.ports, set);
    this.open = { set, told: 0 };
    work(set, stepper);
    await stepper.drain(TX);
    this.flush();
    this.open = null;
    this.save(person, set);
  }

  private save(person: SimulatedPerson, set: WorkingSet): void {
    const changes = set.changes();
    for (const row of [...changes.inserted, ...changes.updated]) {
      person.running.set(row.id, row);
      this.profileOf.set(row.id, person.id);
      const { dueMs: atMs } = row;
      const about = { kind: 'enrolment', profileId: person.id, id: row.id } as const;
      if (atMs !== null) this.agenda.add({ atMs: Math.max(atMs, set.nowMs), about });
    }
    for (const { id } of changes.ended) {
      person.running.delete(id);
      this.profileOf.delete(id);
    }
    // Waits look back to their entry at the furthest: without a run nothing is asked for.
    if (person.running.size === 0) person.events.length = 0;
    for (const row of changes.ledger) person.ledger.set(keyOfLedger(row), row);
    const watches = [...person.watches, ...changes.watches];
    person.watches = watches.filter(({ untilMs }) => untilMs >= set.nowMs);
  }

  private emit(rows: Parameters<EventSink['emit']>[1]): void {
    for (const row of rows) {
      const { messageId, name, profileId, atMs, properties, traits, isSample } = row;
      const about = { profileId };
      this.emitted.push({
        ...engineEvent({ messageId, name, about, atMs, properties, isSample }),
        ...(traits === undefined ? {} : { traits }),
      });
    }
  }

  private tellFacts(facts: readonly Fact[]): void {
    this.flush();
    for (const fact of facts) this.pass(happeningOf(fact));
  }

  /** What the turn under way has told so far comes before what an effect tells. */
  private flush(): void {
    const { open } = this;
    if (open === null) return;
    const facts = open.set.facts.slice(open.told);
    open.told += facts.length;
    for (const fact of facts) this.pass(happeningOf(fact));
  }

  private tell(happening: Happening): void {
    this.flush();
    this.pass(happening);
  }

  private pass(happening: Happening | null): void {
    if (happening !== null) this.options.onHappening(happening);
  }
}
