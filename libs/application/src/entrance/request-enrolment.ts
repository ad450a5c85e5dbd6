import {
  contentHash,
  hashId,
  type Clock,
  type EpochMs,
  type JsonObject,
  type ProfileId,
} from '#libs/kernel';
import { msgKeyOf } from '#libs/contracts';
import { ENROL_REQUESTED } from '#libs/scenario';
import { appendEngineEvents } from '../capture/engine-events.js';
import type { EventLog } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import type { DefinitionSource, PeopleSource } from '../runtime/ports.js';

/** A program's request, read. */
export interface EnrolRequest {
  readonly scenario: string;
  /** Ids of the person by namespace, as given. */
  readonly profile: Readonly<Record<string, string>>;
  readonly properties: JsonObject;
  readonly idempotencyKey: string;
}

/** Remembers requests by key, so that one told again counts once. Holds nothing personal. */
export interface EnrolRequestStore {
  /**
   * `fresh` where the key was not used within 30 days of wall time, `repeated` where it was for the
   * same request, `taken` where it was for another.
   */
  remember(
    tx: Tx,
    request: { readonly keyHash: string; readonly bodyHash: string; readonly wallMs: EpochMs },
  ): Promise<'fresh' | 'repeated' | 'taken'>;
}

/** What asking for an enrolment needs. */
export interface RequestEnrolmentPorts {
  readonly work: UnitOfWork;
  readonly requests: EnrolRequestStore;
  readonly log: EventLog;
  readonly definitions: Pick<DefinitionSource, 'inForce' | 'isPaused'>;
  readonly people: PeopleSource;
  /** Current profile id by ids as given; null where nobody has any of them. */
  readonly find: (ids: Readonly<Record<string, string>>) => Promise<ProfileId | null>;
  readonly clock: Clock;
  readonly wallMs: () => number;
}

/** What became of a request. */
export type EnrolAnswer =
  | {
      readonly kind: 'requested' | 'repeated';
      readonly requestId: string;
      readonly profileId: ProfileId;
    }
  | {
      readonly kind:
        'unknown_scenario' | 'not_on_request' | 'paused' | 'unknown_profile' | 'key_taken';
    };

/**
 * The body of an event that asks a scenario to take its person in. For whoever asks: a program, or a
 * step of another scenario. `key` is the asker's own id of the request.
 */
export function enrolRequest(request: {
  readonly scenario: string;
  readonly key: string;
  readonly properties: JsonObject;
}): { readonly name: string; readonly properties: JsonObject } {
  const { scenario, key, properties } = request;
  return { name: ENROL_REQUESTED, properties: { scenario, key, properties } };
}

/** Puts requests of programs on the log: the engine takes the person in as it reads them. */
export class RequestEnrolment {
  constructor(private readonly ports: RequestEnrolmentPorts) {}

  /** Resolves when the request is on disk. Idempotent by the scenario and `idempotencyKey`. */
  async ask(request: EnrolRequest): Promise<EnrolAnswer> {
    const refused = this.refusalOf(request.scenario);
    if (refused !== null) return { kind: refused };
    const profileId = await this.ports.find(request.profile);
    if (profileId === null) return { kind: 'unknown_profile' };
    return await this.ports.work.transaction((tx) => this.append(tx, request, profileId));
  }

  private refusalOf(scenario: string): 'unknown_scenario' | 'not_on_request' | 'paused' | null {
    const { definitions } = this.ports;
    if (definitions.isPaused(scenario)) return 'paused';
    const definition = definitions.inForce().find((one) => one.scenario === scenario);
    if (definition === undefined) return 'unknown_scenario';
    return definition.entry.requested === true ? null : 'not_on_request';
  }

  private async append(
    tx: Tx,
    { scenario, profile, properties, idempotencyKey }: EnrolRequest,
    profileId: ProfileId,
  ): Promise<EnrolAnswer> {
    const { requests, log, people, clock, wallMs } = this.ports;
    const keyHash = hashId('enrol', scenario, idempotencyKey);
    const bodyHash = contentHash([profile, properties]);
    const known = await requests.remember(tx, { keyHash, bodyHash, wallMs: wallMs() });
    if (known === 'taken') return { kind: 'key_taken' };
    const messageId = `enrol:${keyHash}`;
    const answer = { requestId: msgKeyOf(messageId), profileId };
    if (known === 'repeated') return { kind: 'repeated', ...answer };
    const person = (await people.load(tx, [profileId])).get(profileId);
    const event = enrolRequest({ scenario, key: idempotencyKey, properties });
    const isSample = person?.isSample === true;
    const told = { messageId, about: { profileId }, atMs: clock.nowMs(), isSample, ...event };
    await appendEngineEvents(log, tx, [told]);
    return { kind: 'requested', ...answer };
  }
}
