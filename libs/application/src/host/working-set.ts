import type { Fact } from '#libs/contracts';
import type { EnrolmentId, ProfileId } from '#libs/kernel';
import type { Definition, State } from '#libs/scenario';
import { NO_HOLDS, type Holds } from '../runtime/holds.js';
import type {
  EndedEnrolment,
  EnrolmentRow,
  InboxRow,
  LedgerRow,
  PersonContext,
  RuntimeChanges,
  StoredEnrolment,
  WatchRow,
} from '../runtime/ports.js';
import { enrolmentFact } from './facts.js';
import { nextDueMs } from './timers.js';

/** An enrolment in hand: its row, its definition, and whether it must be written. */
export interface LiveEnrolment {
  row: EnrolmentRow;
  /** Another one once the enrolment was moved to a newer version. */
  definition: Definition;
  readonly isNew: boolean;
  isChanged: boolean;
}

/** Key of a ledger line. */
export function ledgerKey(scenario: string, profileId: string, entryKey: string): string {
  return `${scenario}\u0000${profileId}\u0000${entryKey}`;
}

/** What one transaction of the host has loaded and what it will write: the state between the two. */
export class WorkingSet {
  readonly people: Map<ProfileId, PersonContext> = new Map();
  readonly facts: Fact[] = [];
  readonly watches: WatchRow[] = [];
  readonly matched: Map<string, number> = new Map();
  readonly doneInbox: number[] = [];
  readonly endedIds: EnrolmentId[] = [];
  private readonly enrolments = new Map<EnrolmentId, LiveEnrolment>();
  private readonly byProfile = new Map<ProfileId, LiveEnrolment[]>();
  private readonly ledger = new Map<string, LedgerRow>();
  private readonly changedLedger = new Map<string, LedgerRow>();
  private readonly watchesByProfile = new Map<ProfileId, WatchRow[]>();

  constructor(
    readonly nowMs: number,
    readonly holds: Holds = NO_HOLDS,
  ) {}

  /** Takes a loaded or a new enrolment in; one already in hand stays as it is. */
  add(row: EnrolmentRow, definition: Definition, isNew: boolean): LiveEnrolment {
    const known = this.enrolments.get(row.id);
    if (known !== undefined) return known;
    const live: LiveEnrolment = { row, definition, isNew, isChanged: isNew };
    this.enrolments.set(row.id, live);
    const person = this.byProfile.get(row.profileId);
    if (person === undefined) this.byProfile.set(row.profileId, [live]);
    else person.push(live);
    return live;
  }

  get(id: EnrolmentId): LiveEnrolment | undefined {
    return this.enrolments.get(id);
  }

  /** Enrolments of a person that are not over, in the order in which they entered. */
  of(profileId: ProfileId): readonly LiveEnrolment[] {
    return (this.byProfile.get(profileId) ?? []).filter(
      (live) => live.row.state.status !== 'ended',
    );
  }

  /** Takes a loaded line in; one that is to be written stays as it is. */
  addLedger(row: LedgerRow): void {
    const key = ledgerKey(row.scenario, row.profileId, row.entryKey);
    if (!this.changedLedger.has(key)) this.ledger.set(key, row);
  }

  lastEntry(scenario: string, profileId: ProfileId, entryKey: string): LedgerRow | undefined {
    return this.ledger.get(ledgerKey(scenario, profileId, entryKey));
  }

  /** Whether the person entered for this occurrence last, under whichever key. */
  hasEnteredFor(scenario: string, profileId: ProfileId, occurrence: string): boolean {
    const start = ledgerKey(scenario, profileId, '');
    for (const [key, row] of this.ledger) {
      if (row.occurrence === occurrence && key.startsWith(start)) return true;
    }
    return false;
  }

  writeLedger(row: LedgerRow): void {
    const key = ledgerKey(row.scenario, row.profileId, row.entryKey);
    this.ledger.set(key, row);
    this.changedLedger.set(key, row);
  }

  /** A watch in the store or opened just now; later events of the batch see it. */
  addWatch(watch: WatchRow): void {
    const list = this.watchesByProfile.get(watch.profileId);
    if (list === undefined) this.watchesByProfile.set(watch.profileId, [watch]);
    else list.push(watch);
  }

  watchesOf(profileId: ProfileId): readonly WatchRow[] {
    return this.watchesByProfile.get(profileId) ?? [];
  }

  /** Replaces the interpreter's state; a change of status raises the version and writes a fact. */
  replace(live: LiveEnrolment, state: State): void {
    const before = live.row.state.status;
    const turned = before !== state.status;
    live.row = { ...live.row, state, version: live.row.version + (turned ? 1 : 0) };
    live.isChanged = true;
    if (turned) this.facts.push(this.factOf(live));
    if (turned && state.status === 'ended') this.endedIds.push(live.row.id);
  }

  /** Puts an enrolment under another version, which analysts are told. */
  moveTo(live: LiveEnrolment, definition: Definition, state: State): void {
    const version = live.row.version + 1;
    live.row = { ...live.row, definition: definition.hash, state, version };
    live.definition = definition;
    live.isChanged = true;
    this.facts.push(this.factOf(live));
  }

  /** Notes whether it is a hold that paused the enrolment: then the end of the hold resumes it. */
  markHeld(live: LiveEnrolment, isHeld: boolean): void {
    if ((live.row.isHeld === true) === isHeld) return;
    live.row = { ...live.row, isHeld };
    live.isChanged = true;
  }

  /** Flags an enrolment of somebody whose groups differed before a merge, and tells of it. */
  markMixed(id: EnrolmentId): void {
    const live = this.enrolments.get(id);
    if (live === undefined || live.row.isMixed) return;
    live.row = { ...live.row, isMixed: true, version: live.row.version + 1 };
    live.isChanged = true;
    this.facts.push(this.factOf(live));
  }

  factOf(live: LiveEnrolment): Fact {
    const accountId = this.people.get(live.row.profileId)?.accountId ?? null;
    return enrolmentFact(live.row, live.definition, { accountId, nowMs: this.nowMs });
  }

  /** Everything to be written, an enrolment once. */
  changes(): RuntimeChanges {
    const inserted: StoredEnrolment[] = [];
    const updated: StoredEnrolment[] = [];
    const ended: EndedEnrolment[] = [];
    for (const live of this.enrolments.values()) {
      if (!live.isChanged) continue;
      const { row, definition } = live;
      if (row.state.status === 'ended') {
        ended.push({ ...row, endedAtMs: row.state.lastAtMs, endedAs: row.state.endedAs ?? 'done' });
        continue;
      }
      const stored = {
        ...row,
        stepId: row.state.cursors[0]?.stepId ?? '',
        dueMs: nextDueMs(definition, row.state),
      };
      (live.isNew ? inserted : updated).push(stored);
    }
    return {
      inserted,
      updated,
      ended,
      ledger: [...this.changedLedger.values()],
      watches: this.watches,
      matched: [...this.matched].map(([id, matched]) => ({ id, matched })),
      doneInbox: this.doneInbox,
      facts: this.facts,
    };
  }

  /** Marks an inbox row as applied. */
  done(row: InboxRow): void {
    this.doneInbox.push(row.seq);
  }
}
