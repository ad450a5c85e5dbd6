import { randomUUID } from 'node:crypto';
import {
  AskDecision,
  createEvaluate,
  Decider,
  lookUpKeys,
  PROFILE_ID,
  ProfilePeople,
  ProfileReader,
  RequestEnrolment,
  TellOutcome,
  type EventLog,
  type Pseudonyms,
} from '#libs/application';
import {
  outcomeSubject,
  PostgresContactStore,
  PostgresDecisionStore,
  PostgresEnrolRequests,
  PostgresProfileReadStore,
  PostgresResultStore,
  writeFacts,
  type Database,
} from '#libs/adapter-postgres';
import type { Clock, ProfileId } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import type { ApiWorkspace } from './workspace.js';

/** What programs ask: decisions, outcomes told, profiles read. */
export interface Programs {
  readonly decisions: AskDecision;
  readonly outcomes: TellOutcome;
  readonly enrolments: RequestEnrolment;
  readonly profiles: ProfileReader;
  /** Current profile id by ids as given; null where nobody has any of them. */
  readonly find: (ids: Readonly<Record<string, string>>) => Promise<ProfileId | null>;
}

const TIMEOUT_MS = 200;

interface ProgramParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly calendar: ZonedCalendar;
  readonly workspace: ApiWorkspace;
  readonly pseudonyms: Pseudonyms;
  readonly eventLog: EventLog;
}

function enrolmentsOf(
  { database, workspace, clock, eventLog }: ProgramParts,
  known: { readonly people: ProfilePeople; readonly find: Programs['find'] },
): RequestEnrolment {
  return new RequestEnrolment({
    ...known,
    work: database,
    requests: new PostgresEnrolRequests(),
    log: eventLog,
    definitions: workspace,
    clock,
    wallMs: Date.now,
  });
}

/** Wires what programs ask over one store. */
export function programsOf(parts: ProgramParts): Programs {
  const { database, clock, calendar, workspace, pseudonyms } = parts;
  const settings = { current: () => workspace.prepared };
  const store = new PostgresProfileReadStore(database);
  const contacts = new PostgresContactStore((channel, address) =>
    pseudonyms.hash(channel, address),
  );
  const find = async (ids: Readonly<Record<string, string>>): Promise<ProfileId | null> => {
    const own = ids[PROFILE_ID] ?? ids['profileId'];
    if (own !== undefined) {
      const [read] = await store.load(null, [own]);
      return (read?.profileId ?? null) as ProfileId | null;
    }
    const found = await store.byIds(lookUpKeys(ids, settings.current()));
    return (found.find((one) => one !== null) ?? null) as ProfileId | null;
  };
  const decider = new Decider({
    catalogue: workspace,
    contacts,
    decisions: new PostgresDecisionStore(),
    known: { calendar, evaluate: createEvaluate() },
    writeFacts,
    elapsedMs: () => performance.now(),
  });
  const people = new ProfilePeople(store, settings);
  const decisions = new AskDecision({
    work: database,
    decider,
    people,
    catalogue: workspace,
    find,
    clock,
    newId: randomUUID,
    timeoutMs: TIMEOUT_MS,
  });
  const outcomes = new TellOutcome({
    work: database,
    results: new PostgresResultStore(),
    contacts,
    subject: outcomeSubject,
    writeFacts,
    clock,
    today: () => calendar.localDay(clock.nowMs(), workspace.current().timezone),
    currency: () => workspace.current().currency,
  });
  const enrolments = enrolmentsOf(parts, { people, find });
  return { decisions, outcomes, enrolments, profiles: new ProfileReader(store, settings), find };
}
