import { drawGroup, type CompiledWorkspace } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import type { DecisionWay } from '../effects.js';
import type { SimulationOptions } from '../options.js';
import { Simulator } from '../simulator.js';
import { ReplayTally, type ReplayFigures } from './tally.js';

/** A version of a scenario to be simulated, within its workspace. */
export interface ReplayVersion {
  readonly workspace: CompiledWorkspace;
  /** The scenario; the others of the workspace run as well, since they share caps. */
  readonly scenario: string;
}

/** What a replay is made from. */
export interface ReplayOptions {
  /** Each runs over the same events. */
  readonly versions: readonly ReplayVersion[];
  readonly calendar: ZonedCalendar;
  readonly normalisePhone: SimulationOptions['normalisePhone'];
  readonly model?: SimulationOptions['model'];
  readonly decisions: DecisionWay;
  /**
   * Recorded events in the order of their time, pages of any size, each with its profile. Those
   * before `fromMs` build the profiles; scenarios hear those from then on.
   */
  readonly events: AsyncIterable<readonly RawEvent[]>;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** Told now and then how far it is. */
  readonly onProgress?: (at: { readonly events: number; readonly atMs: EpochMs }) => void;
}

/** What a replay came to. */
export interface ReplayReport {
  readonly events: number;
  readonly profiles: number;
  /** In the order of the versions. */
  readonly versions: readonly ReplayFigures[];
}

interface Running {
  readonly simulator: Simulator;
  readonly tally: ReplayTally;
}

/**
 * Plays recorded events again, on a clock of their own, through versions of a scenario: what each
 * would have done. Reads its events as they come and writes nothing. What the engine itself told at
 * the time is left out, as the simulation tells its own.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const running = options.versions.map((version) => openVersion(version, options));
  const { fromMs, toMs, onProgress } = options;
  let events = 0;
  let isPast = true;
  for await (const page of options.events) {
    for (const recorded of page) {
      if (recorded.atMs > toMs || recorded.name.startsWith('relance_')) continue;
      events += 1;
      if (isPast && recorded.atMs >= fromMs) {
        isPast = false;
        await begin(running, fromMs);
      }
      await hearAll(running, asLive(recorded));
    }
    onProgress?.({ events, atMs: page.at(-1)?.atMs ?? fromMs });
  }
  if (isPast) await begin(running, fromMs);
  for (const { simulator } of running) await simulator.runTo(toMs);
  return {
    events,
    profiles: running[0]?.simulator.population.size ?? 0,
    versions: running.map(({ tally }) => tally.figures()),
  };
}

function openVersion({ workspace, scenario }: ReplayVersion, options: ReplayOptions): Running {
  const { calendar, normalisePhone, model, decisions } = options;
  const { timezone } = workspace.relance;
  const tally = new ReplayTally((atMs) => {
    const hour = String(calendar.localHour(atMs, timezone)).padStart(2, '0');
    return `${calendar.localDate(atMs, timezone)}T${hour}`;
  });
  const simulator = new Simulator({
    workspace,
    calendar,
    normalisePhone,
    decisions,
    ...(model === undefined ? {} : { model }),
    groups: (catalogue) => ({
      groupOf: (definition, unit) =>
        drawGroup(catalogue, { purpose: definition.purpose, definition }, unit),
    }),
    startMs: 0,
    publishedAtMs: options.fromMs,
    onHappening: (one) => {
      if (one.scenario === scenario) tally.add(one);
    },
  });
  simulator.isMuted = true;
  return { simulator, tally };
}

/** Everything before is over: profiles stand as they stood, and scenarios begin to listen. */
async function begin(running: readonly Running[], fromMs: EpochMs): Promise<void> {
  for (const { simulator } of running) {
    await simulator.runTo(fromMs - 1);
    simulator.isMuted = false;
  }
}

/** Lets time pass up to an event and has every version hear it. */
async function hearAll(running: readonly Running[], event: RawEvent): Promise<void> {
  for (const { simulator } of running) {
    if (simulator.isDue(event.atMs)) await simulator.runTo(event.atMs);
    else simulator.clock.moveTo(event.atMs);
    // Most events concern no scenario: nothing is waited for.
    const rest = simulator.hear(event);
    if (rest !== undefined) await rest;
  }
}

/** As though it had come at its time, whatever file or backlog it came by. */
function asLive(event: RawEvent): RawEvent {
  const isLive = !event.historical && event.receivedAtMs === event.atMs;
  return isLive ? event : { ...event, historical: false, receivedAtMs: event.atMs };
}
