import type { CommandId, EnrolmentId, EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';

/** A call that a scenario asked for and nobody has answered yet. */
export interface WebhookCall {
  /** The command; with it the receiver tells a repeat from a new call. */
  readonly id: CommandId;
  readonly enrolmentId: EnrolmentId;
  readonly profileId: ProfileId;
  readonly scenario: string;
  readonly stepId: string;
  /** Id of the endpoint in `relance.yaml`. */
  readonly endpoint: string;
  readonly body: JsonObject;
  readonly timeoutMs: number;
  readonly askedAtMs: EpochMs;
  /** Tries begun, this one included. */
  readonly attempts: number;
}

/** Calls in the store. A call is kept until it is answered for good. */
export interface WebhookStore {
  /** Puts calls in; one that is there already stays as it is. */
  ask(tx: Tx, calls: readonly Omit<WebhookCall, 'attempts'>[]): Promise<void>;
  /**
   * Takes up calls whose time has come, the oldest first, none to the endpoints that rest and none
   * that operators hold: nobody else does until the lease is over.
   */
  take(at: {
    readonly wallMs: number;
    readonly leaseMs: number;
    readonly limit: number;
    readonly without: readonly string[];
  }): Promise<readonly WebhookCall[]>;
  /** Takes a call away; false where it was gone: nobody waits for its answer any more. */
  close(tx: Tx, id: CommandId): Promise<boolean>;
  /** Lets a call wait for its next try. */
  putOff(id: CommandId, untilWallMs: number): Promise<void>;
  /** Calls off what ended enrolments, or steps cut short, have asked for. */
  cancel(
    tx: Tx,
    of: { readonly enrolmentIds: readonly EnrolmentId[]; readonly ids: readonly CommandId[] },
  ): Promise<void>;
}

/** What an endpoint answered to one try. */
export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Absent where it was no JSON object, or too large a one. */
      readonly body?: JsonObject;
    }
  | {
      readonly kind: 'failed';
      readonly status: number | null;
      readonly reason: WebhookFailure;
      /** Whether another try may come to more. */
      readonly isPassing: boolean;
    };

/** Why a call failed. */
export type WebhookFailure =
  'endpoint_unknown' | 'no_connection' | 'timeout' | 'redirected' | 'status' | 'aborted';

/** Makes one signed call. Never throws. */
export interface WebhookClient {
  call(call: WebhookCall & { readonly url: string }, signal: AbortSignal): Promise<WebhookAnswer>;
}
