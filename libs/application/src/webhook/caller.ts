import type { Clock } from '#libs/kernel';
import type { EffectResult, WebhookCommand } from '#libs/scenario';
import type { UnitOfWork } from '../ports/transaction.js';
import type { EffectRequest } from '../runtime/effects.js';
import type { EnrolmentStore } from '../runtime/ports.js';
import type { WebhookAnswer, WebhookCall, WebhookClient, WebhookStore } from './ports.js';

/** Calls under way at once. */
const MOST_CALLS = 20;
const MOST_ATTEMPTS = 5;
const FIRST_RETRY_MS = 5_000;
const RETRY_FACTOR = 3;
/** Beyond its time-out, so that a slow store does not have a call made twice at once. */
const LEASE_GRACE_MS = 15_000;
const MOST_TIMEOUT_MS = 10_000;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

/** What the caller works with. */
export interface WebhookPorts {
  readonly work: UnitOfWork;
  readonly calls: WebhookStore;
  readonly inbox: Pick<EnrolmentStore, 'post'>;
  readonly client: WebhookClient;
  /** Address of an endpoint in force; undefined where the workspace has it no longer. */
  readonly urlOf: (endpoint: string) => string | undefined;
  readonly clock: Clock;
  readonly wallMs: () => number;
}

interface Rest {
  readonly untilWallMs: number;
  readonly failures: number;
}

/**
 * Makes the calls that scenarios ask for and hands the answers back. A call is made at least once,
 * each time under the same id: an answer lost to a crash is asked for again. An endpoint that cannot
 * be reached rests, so that calls to others do not wait for it.
 */
export class WebhookCaller {
  private readonly resting = new Map<string, Rest>();

  constructor(private readonly ports: WebhookPorts) {}

  /** One batch side by side; answers how many were made. */
  async round(signal: AbortSignal): Promise<number> {
    const { calls, wallMs } = this.ports;
    const taken = await calls.take({
      wallMs: wallMs(),
      leaseMs: MOST_TIMEOUT_MS + LEASE_GRACE_MS,
      limit: MOST_CALLS,
      without: this.atRest(),
    });
    await Promise.all(taken.map((call) => this.make(call, signal)));
    return taken.length;
  }

  private async make(call: WebhookCall, signal: AbortSignal): Promise<void> {
    const { calls, client, urlOf, wallMs } = this.ports;
    const url = urlOf(call.endpoint);
    const answer: WebhookAnswer =
      url === undefined
        ? { kind: 'failed', status: null, reason: 'endpoint_unknown', isPassing: false }
        : await client.call({ ...call, url }, signal);
    this.note(call.endpoint, answer);
    const isToRepeat = answer.kind === 'failed' && answer.isPassing;
    if (isToRepeat && call.attempts < MOST_ATTEMPTS) {
      const waitMs = FIRST_RETRY_MS * RETRY_FACTOR ** (call.attempts - 1);
      return await calls.putOff(call.id, wallMs() + waitMs);
    }
    await this.answer(call, answer);
  }

  private async answer(call: WebhookCall, answer: WebhookAnswer): Promise<void> {
    const { calls, clock, inbox, work } = this.ports;
    await work.transaction(async (tx) => {
      if (!(await calls.close(tx, call.id))) return;
      const { enrolmentId, id: commandId } = call;
      const result = resultOf(answer);
      const input = { type: 'result', commandId, result, effectAtMs: clock.nowMs() } as const;
      await inbox.post(tx, [{ enrolmentId, input }]);
    });
  }

  private atRest(): readonly string[] {
    const nowMs = this.ports.wallMs();
    return [...this.resting].flatMap(([endpoint, rest]) =>
      rest.untilWallMs > nowMs ? [endpoint] : [],
    );
  }

  private note(endpoint: string, answer: WebhookAnswer): void {
    const isAway =
      answer.kind === 'failed' &&
      (answer.reason === 'timeout' || answer.reason === 'no_connection');
    if (!isAway) {
      this.resting.delete(endpoint);
      return;
    }
    const failures = (this.resting.get(endpoint)?.failures ?? 0) + 1;
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));
    this.resting.set(endpoint, { untilWallMs: this.ports.wallMs() + restMs, failures });
  }
}

/** The call that a step asks for. */
export function webhookCallOf({
  command,
  enrolment,
  person,
  nowMs,
}: EffectRequest<WebhookCommand>): Omit<WebhookCall, 'attempts'> {
  return {
    id: command.commandId,
    enrolmentId: enrolment.id,
    profileId: person.profileId,
    scenario: enrolment.scenario,
    stepId: command.stepId,
    endpoint: command.to,
    body: command.body,
    timeoutMs: command.timeoutMs,
    askedAtMs: nowMs,
  };
}

function resultOf(answer: WebhookAnswer): EffectResult {
  if (answer.kind === 'failed') {
    const { status, reason } = answer;
    return { kind: 'called', outcome: 'failed', status, reason };
  }
  const body = answer.body === undefined ? {} : { body: answer.body };
  return { kind: 'called', outcome: 'answered', status: answer.status, ...body };
}
