import {
  contextFor,
  enrol,
  isHeldBy,
  type DefinitionSource,
  type EntranceJobs,
  type GroupDrawer,
  type Stepper,
  type StepperPorts,
  type TimedEntrances,
  type Tx,
  type WorkingSet,
} from '#libs/application';
import type { ProfileId } from '#libs/kernel';
import { existingEntryMatches, occurrenceMatches, type Definition } from '#libs/scenario';

/** The transaction that takes people in. */
export interface Entering {
  readonly tx: Tx;
  readonly set: WorkingSet;
  readonly stepper: Stepper;
  /** Brings people, with all that tells whether they may enter, into the set. */
  readonly load: (profileIds: readonly ProfileId[]) => Promise<void>;
}

/** What taking people in works with. */
export interface EntryPorts extends Pick<StepperPorts, 'calendar' | 'zones'> {
  readonly definitions: DefinitionSource;
  readonly groups: GroupDrawer;
  readonly jobs: EntranceJobs;
  /** Whom dates and schedules bring; absent: nobody. */
  readonly timed?: TimedEntrances;
}

/** A page of the members of a segment when a scenario was published; how many were looked at. */
export async function takeInMembers(
  ports: EntryPorts,
  entering: Entering,
  limit: number,
): Promise<number> {
  const { tx, set } = entering;
  const page = await ports.jobs.next(tx, limit, set.holds);
  if (page === null) return 0;
  const definition = ports.definitions.byHash(page.definition);
  if (definition === undefined) return 0;
  await entering.load(page.profileIds);
  for (const profileId of page.profileIds) {
    admit(ports, entering, { definition, profileId, judge: existingEntryMatches });
  }
  await ports.jobs.advance(tx, page, set.nowMs);
  return page.profileIds.length;
}

/** A page of those whom a date or a schedule brings, of whichever scenario it is the turn. */
export async function takeInDue(
  ports: EntryPorts,
  entering: Entering,
  limit: number,
): Promise<number> {
  const { tx, set } = entering;
  const { timed } = ports;
  if (timed === undefined || set.holds.isAll) return 0;
  const page = await timed.next(tx, set.nowMs, limit);
  if (page === null) return 0;
  const { definition, arrivals } = page;
  // Held a moment ago: it will not be offered again once this process has read so.
  if (isHeldBy(set.holds, definition.scenario)) return 0;
  await entering.load(arrivals.map(({ profileId }) => profileId));
  for (const arrival of arrivals) {
    admit(ports, entering, { definition, ...arrival, judge: occurrenceMatches });
  }
  await timed.advance(tx, page);
  return Math.max(1, arrivals.length);
}

function admit(
  ports: EntryPorts,
  { set, stepper }: Entering,
  given: {
    readonly definition: Definition;
    readonly profileId: ProfileId;
    readonly occurrence?: string;
    readonly judge: typeof existingEntryMatches;
  },
): void {
  const { definition, profileId, occurrence, judge } = given;
  const person = set.people.get(profileId);
  if (person === undefined) return;
  const context = contextFor(definition, person, {
    atMs: set.nowMs,
    calendar: ports.calendar,
    zones: ports.zones(),
  });
  const entrance = judge(definition, context, set.nowMs);
  if (!entrance.ok) return;
  enrol(set, stepper, {
    definition,
    person,
    event: null,
    ...(occurrence === undefined ? {} : { occurrence }),
    entryKey: entrance.value.entryKey,
    group: ports.groups.groupOf(definition, person.groupUnit),
  });
}
