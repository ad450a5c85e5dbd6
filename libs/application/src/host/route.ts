import type { ProfileChange } from '#libs/contracts';
import type { JsonObject, ProfileId } from '#libs/kernel';
import {
  entryEventOf,
  entryMatches,
  watchMatches,
  type Definition,
  type EntryRefusal,
  type InputEvent,
} from '#libs/scenario';
import type { WatchMatch } from '../runtime/effects.js';
import { isHeldBy } from '../runtime/holds.js';
import type { DefinitionSource, PersonContext, WatchRow } from '../runtime/ports.js';
import { contextFor } from './answers.js';
import { enrol, type EnrolRefusal } from './enrol.js';
import type { GroupDrawer } from './groups.js';
import type { Stepper, StepperPorts } from './stepper.js';
import type { WorkingSet } from './working-set.js';

/** A live event older than this at receipt updates the profile and wakes nothing. */
const STALE_MS = 24 * 3_600_000;

/** What routing one batch needs. */
export interface Routing {
  readonly set: WorkingSet;
  readonly stepper: Stepper;
  readonly ports: StepperPorts;
  readonly definitions: DefinitionSource;
  readonly groups: GroupDrawer;
  readonly matches: WatchMatch[];
  /** Told of whom an event does not take in, and why: for those who explain, no rule hangs on it. */
  readonly onRefused?: (refusal: RefusedEntry) => void;
}

/** Somebody whom an event does not take into a scenario that it could enter. */
export interface RefusedEntry {
  readonly definition: Definition;
  readonly profileId: ProfileId;
  readonly event: InputEvent;
  readonly reason: EntryRefusal | EnrolRefusal;
}

/** The interpreter's event of a change record; null for a change without an event. */
export function eventOf(change: ProfileChange): InputEvent | null {
  if (change.eventKey === null || change.name === null) return null;
  return {
    key: change.eventKey,
    name: change.name,
    atMs: change.atMs,
    properties: change.properties as JsonObject,
    historical: change.historical || change.receivedAtMs - change.atMs > STALE_MS,
  };
}

/**
 * Routes one event of one person: watches first, whatever became of the enrolment; then the
 * enrolments the person is in; then the scenarios it may enter.
 */
export function routeEvent(routing: Routing, event: InputEvent, profileId: ProfileId): void {
  const { set, definitions } = routing;
  const person = set.people.get(profileId);
  if (person === undefined) return;
  for (const watch of set.watchesOf(profileId)) testWatch(routing, watch, event, person);
  for (const live of set.of(profileId)) {
    if (definitions.hears(live.definition, event.name)) {
      routing.stepper.apply(live, { type: 'event', event });
    }
  }
  if (event.historical) return;
  for (const definition of definitions.entriesOn(event.name)) {
    if (isHeldBy(set.holds, definition.scenario)) continue;
    const context = contextOf(routing, definition, person);
    const entrance = entryMatches(definition, event, context, set.nowMs);
    const reason = entrance.ok
      ? enrol(set, routing.stepper, {
          definition,
          person,
          event: entryEventOf(definition, event),
          entryKey: entrance.value.entryKey,
          group: routing.groups.groupOf(definition, person.groupUnit),
        })
      : entrance.error;
    if (reason !== null) routing.onRefused?.({ definition, profileId, event, reason });
  }
}

function contextOf(
  routing: Routing,
  definition: Parameters<typeof contextFor>[0],
  person: PersonContext,
): ReturnType<typeof contextFor> {
  return contextFor(definition, person, {
    atMs: routing.set.nowMs,
    calendar: routing.ports.calendar,
    zones: routing.ports.zones(),
  });
}

function testWatch(
  routing: Routing,
  watch: WatchRow,
  event: InputEvent,
  person: PersonContext,
): void {
  if (!watch.on.includes(event.name)) return;
  const definition = routing.definitions.byHash(watch.definition);
  if (definition === undefined) return;
  const achieved = watchMatches(definition, watch, event, contextOf(routing, definition, person));
  if (!achieved.ok) return;
  const { set } = routing;
  set.matched.set(watch.id, (set.matched.get(watch.id) ?? watch.matched) + 1);
  routing.matches.push({
    watchId: watch.id,
    kind: watch.kind,
    profileId: person.profileId,
    person,
    enrolmentId: watch.enrolmentId,
    decisionId: watch.decisionId,
    scenario: watch.scenario,
    stepId: watch.stepId,
    group: watch.group,
    eventKey: event.key,
    eventName: event.name,
    atMs: event.atMs,
    properties: event.properties,
    value: achieved.value.value,
    isSample: watch.isSample,
  });
}
