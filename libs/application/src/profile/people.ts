import type { Clock, EpochMs, Json, JsonObject, ProfileId } from '#libs/kernel';
import { utcDayOf, type RawEvent } from '#libs/contracts';
import { expressionView } from '#libs/profile';
import type { EventLog } from '../log/event-log.js';
import type { Tx } from '../ports/transaction.js';
import type { EventSink, PeopleSource, PersonContext } from '../runtime/ports.js';
import { accountView } from './accounts.js';
import type { ProfileReadStore, ReadProfile } from './read-ports.js';
import type { ProfileSettings, ProfileSettingsSource } from './settings.js';

/** A person as scenarios, decisions and templates see them. */
export function personContext(read: ReadProfile, settings: ProfileSettings): PersonContext {
  return new Person(read, settings);
}

/** Worked out when asked for: most timers of a batch fire without a look at the person. */
class Person implements PersonContext {
  readonly profileId: ProfileId;
  readonly version: number;
  readonly accountId: string | null;
  readonly groupUnit: string;
  readonly isSample: boolean;
  readonly #read: ReadProfile;
  readonly #settings: ProfileSettings;
  #view: JsonObject | undefined;

  constructor(read: ReadProfile, settings: ProfileSettings) {
    this.#read = read;
    this.#settings = settings;
    this.profileId = read.profileId as ProfileId;
    this.version = read.version;
    this.accountId = read.accountId;
    this.groupUnit = read.groupUnit;
    this.isSample = read.isSample;
  }

  get profile(): JsonObject {
    return (this.#view ??= expressionView(this.#read.document, this.#settings.rules));
  }

  get account(): JsonObject | null {
    const { account } = this.#read;
    return account === null ? null : accountView(account);
  }

  get timezone(): string | null {
    const { timezone } = this.#read.document.traits;
    return typeof timezone === 'string' && this.#settings.calendar.isZone(timezone)
      ? timezone
      : null;
  }

  get locale(): string | null {
    const { locale, language } = this.#read.document.traits;
    const spoken = locale ?? language;
    return typeof spoken === 'string' && spoken !== '' ? spoken : null;
  }

  get segments(): readonly string[] {
    return this.#read.document.segments;
  }
}

/** People from the profile store, a batch in one statement. */
export class ProfilePeople implements PeopleSource {
  constructor(
    private readonly store: ProfileReadStore,
    private readonly settings: ProfileSettingsSource,
  ) {}

  async load(
    tx: Tx,
    profileIds: readonly ProfileId[],
  ): Promise<ReadonlyMap<ProfileId, PersonContext>> {
    const settings = this.settings.current();
    const found = await this.store.load(tx, profileIds);
    return new Map(found.map((read) => [read.askedId as ProfileId, personContext(read, settings)]));
  }
}

/** What the engine itself has to say, put into the log like everything else. */
export class EngineEvents implements EventSink {
  constructor(
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async emit(
    tx: Tx,
    events: readonly {
      readonly messageId: string;
      readonly profileId: ProfileId;
      readonly name: string;
      readonly atMs: EpochMs;
      readonly properties: JsonObject;
      readonly traits?: Readonly<Record<string, Json>>;
      readonly isSample: boolean;
    }[],
  ): Promise<void> {
    const receivedAtMs = this.clock.nowMs();
    const records = events.map(({ isSample, ...event }) => {
      const raw: RawEvent = {
        messageId: event.messageId,
        type: 'engine',
        name: event.name,
        source: 'relance',
        ids: {},
        ...(event.traits === undefined ? {} : { traits: event.traits }),
        properties: event.properties,
        atMs: event.atMs,
        originalAtMs: event.atMs,
        receivedAtMs,
        hasTimestamp: true,
        eventDay: utcDayOf(event.atMs),
        historical: false,
        profileId: event.profileId,
        ...(isSample ? { sample: true } : {}),
      };
      return { key: event.profileId, value: raw as unknown as Json };
    });
    await this.log.appendWith(tx, 'events.raw', records);
  }
}
