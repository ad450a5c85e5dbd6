import type { OutgoingMessage, SendResult } from '../channels/ports.js';
import type { Tx } from '../ports/transaction.js';
import { Ramp } from '../process/ramp.js';
import type { Delivery } from './ports.js';
import { DeliveryClaimer, type Claim } from './sender-claim.js';
import {
  acceptedFact,
  answer,
  noEffects,
  retrying,
  storeEffects,
  type Effects,
} from './sender-effects.js';
import type { SenderPorts } from './sender-ports.js';

/** At most this many messages are in hand at once: what a crash can leave uncertain. */
export const MOST_IN_HAND = 20;
/** Taken up at once: a transaction costs much the same for few and for many. */
export const MOST_CLAIMED = 100;
/** What has not gone by then is judged anew: a consent may be withdrawn, an hour become quiet. */
const CLAIM_LASTS_MS = 2_000;
/** Tries of a message that was certainly not accepted. */
const MOST_ATTEMPTS = 8;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 600_000;

interface Sent {
  readonly claim: Claim;
  readonly result: SendResult;
}

/** What one transaction between two handfuls does. */
interface Turnover {
  /** What came of the last handful. */
  readonly sent: readonly Sent[];
  /** What goes next. */
  readonly next: readonly Claim[];
  /** What does not go now, for whoever takes it up anew. */
  readonly back: readonly Claim[];
}

/**
 * Claim, send, record. The gate judges in the transaction that claims; of what is claimed a handful
 * at a time is marked as in hand, and only then handed over, each message at most once. What was in
 * hand of a worker that died is uncertain, and never sent again; what was only claimed goes back.
 */
export class DeliverySender {
  private readonly claimer: DeliveryClaimer;
  /** Ids that rounds of this process have taken up; anything else claimed in its name was lost. */
  private readonly hands = new Set<Set<string>>();
  /** Small claims at first, so that the first message goes soon; and while a provider is slow. */
  private readonly ramp = new Ramp(MOST_IN_HAND, MOST_CLAIMED);

  constructor(private readonly ports: SenderPorts) {
    this.claimer = new DeliveryClaimer(ports);
  }

  /** One round; answers how many deliveries it took up, sent or not. */
  async round(limit: number, signal: AbortSignal): Promise<number> {
    const hand = new Set<string>();
    this.hands.add(hand);
    try {
      const most = Math.min(limit, this.ramp.size);
      const { claims, looked } = await this.claimer.claim(most, MOST_IN_HAND, hand);
      const isLate = claims.length > 0 && (await this.handOver(claims, signal));
      this.ramp.took(isLate ? 0 : looked);
      return looked;
    } finally {
      this.hands.delete(hand);
    }
  }

  /**
   * Sends claims by handfuls: what came of one is recorded where the next is begun. Answers whether
   * it took so long that some were given back.
   */
  private async handOver(claims: readonly Claim[], signal: AbortSignal): Promise<boolean> {
    const endMs = this.ports.wallMs() + CLAIM_LASTS_MS;
    let begun = claims.slice(0, MOST_IN_HAND);
    let waiting = claims.slice(MOST_IN_HAND);
    let wasLate = false;
    while (begun.length > 0 || waiting.length > 0) {
      const sent = await Promise.all(
        begun.map(async (claim) => ({ claim, result: await this.send(claim.message, signal) })),
      );
      const isLate = signal.aborted || this.ports.wallMs() > endMs;
      wasLate ||= isLate && waiting.length > 0;
      const next = isLate ? [] : waiting.slice(0, MOST_IN_HAND);
      const back = isLate ? waiting : [];
      waiting = isLate ? [] : waiting.slice(MOST_IN_HAND);
      begun = await this.turnOver({ sent, next, back });
    }
    return wasLate;
  }

  private async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const channel = this.ports.channels.get(message.channel);
    if (channel === undefined) {
      return { kind: 'failed', code: 'rejected', detail: 'no such channel', retryable: false };
    }
    try {
      return await channel.send(message, signal);
    } catch {
      // A channel that throws is our bug; whether the message left is then not known.
      return { kind: 'uncertain', detail: 'the channel failed' };
    }
  }

  /** Records what came of one handful and begins the next; answers what may be handed over. */
  private async turnOver({ sent, next, back }: Turnover): Promise<Claim[]> {
    const { ports } = this;
    let begun: Claim[] = [];
    // The answer of a provider must not be lost to a store that is away for a moment.
    await retrying(async () => {
      begun = await ports.work.transaction(async (tx) => {
        const rows = await this.stillMine(tx, [
          ...sent.map(({ claim }) => claim),
          ...next,
          ...back,
        ]);
        const nowMs = ports.clock.nowMs();
        const effects = noEffects();
        const told: Told[] = [];
        for (const { claim, result } of sent) {
          const delivery = rows.get(claim.delivery.id);
          if (delivery === undefined) continue;
          const row = this.outcomeOf(delivery, result, nowMs, effects);
          effects.updated.push(row);
          told.push(...toldOf(row, result));
        }
        const held = await ports.deliveries.heldOf(
          tx,
          next.map(({ delivery }) => delivery.id),
        );
        const isFree = ({ delivery }: Claim): boolean => !held.has(delivery.id);
        const going = next.filter(isFree).flatMap((claim) => this.begin(claim, rows, effects));
        const given = [...back, ...next.filter((claim) => !isFree(claim))];
        for (const { delivery } of given) this.giveBack(rows.get(delivery.id), effects);
        await Promise.all([storeEffects(ports, tx, effects), this.tell(tx, told, nowMs)]);
        return going;
      });
    });
    return begun;
  }

  /** Marks as in hand what is still to go; an enrolment that ended meanwhile has withheld its own. */
  private begin(
    { delivery: { id }, message }: Claim,
    rows: ReadonlyMap<string, Delivery>,
    effects: Effects,
  ): Claim[] {
    const row = rows.get(id);
    // In hand already where the answer to this very commit was lost: nothing has left yet.
    if (row?.state === 'sending') return [{ delivery: row, message }];
    if (row?.state !== 'intended') return [];
    const delivery: Delivery = { ...row, state: 'sending', attempts: row.attempts + 1 };
    effects.updated.push(delivery);
    return [{ delivery, message }];
  }

  private giveBack(row: Delivery | undefined, effects: Effects): void {
    if (row?.state === 'intended') effects.updated.push({ ...row, claimedBy: null });
  }

  private async tell(tx: Tx, told: readonly Told[], nowMs: number): Promise<void> {
    await this.ports.events.emit(
      tx,
      told.map(({ row, name, code }) => ({
        messageId: `${name}/${row.id}`,
        profileId: row.profileId,
        name,
        atMs: nowMs,
        properties: {
          delivery_id: row.id,
          decision_id: row.decisionId,
          channel: row.channel,
          ...(code === undefined ? {} : { code }),
        },
        isSample: row.isSample,
      })),
    );
  }

  /**
   * The deliveries as they stand now, without those that were taken for lost meanwhile: what a
   * worker that was away too long learns late must not make an uncertain message ready to go again.
   */
  private async stillMine(
    tx: Tx,
    claims: readonly Claim[],
  ): Promise<ReadonlyMap<string, Delivery>> {
    const { deliveries, runId } = this.ports;
    const ids = claims.map(({ delivery }) => delivery.id);
    const rows = await deliveries.byIds(tx, ids);
    return new Map(rows.flatMap((row) => (row.claimedBy === runId ? [[row.id, row]] : [])));
  }

  private outcomeOf(
    delivery: Delivery,
    result: SendResult,
    nowMs: number,
    effects: Effects,
  ): Delivery {
    const base = {
      ...delivery,
      claimedBy: null,
      updatedAtMs: nowMs,
      version: delivery.version + 1,
    };
    // A bounce or a complaint may be told before the answer of the provider is recorded.
    const turned = delivery.state === 'sending' ? null : delivery.state;
    switch (result.kind) {
      case 'accepted':
        answer(delivery, 'accepted', { nowMs, effects });
        effects.facts.push(acceptedFact(delivery, nowMs));
        return {
          ...base,
          state: turned ?? 'accepted',
          acceptedAtMs: nowMs,
          provider: result.provider,
          providerId: result.providerId,
          smsSegments: result.segments ?? null,
        };
      case 'uncertain':
        answer(delivery, 'uncertain', { nowMs, effects });
        return { ...base, state: turned ?? 'uncertain', detail: result.detail };
      case 'failed':
        if (turned === null && result.retryable && delivery.attempts < MOST_ATTEMPTS) {
          const backOffMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** delivery.attempts);
          const retryWallMs = this.ports.wallMs() + backOffMs;
          return { ...base, state: 'intended', retryWallMs, detail: result.detail };
        }
        answer(delivery, 'failed', { nowMs, effects, reason: result.code });
        effects.moved.push({ commandId: delivery.reservationId, state: 'released', day: 0 });
        return { ...base, state: turned ?? 'failed', detail: `${result.code}: ${result.detail}` };
    }
  }

  /**
   * What a worker that is gone had in hand, and what this one claimed or sent when the store's answer
   * was lost: nobody knows whether it left, so it is said. What was claimed and not begun goes back.
   * Answers how many are uncertain.
   */
  async recover(limit = 200): Promise<number> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      const nowMs = ports.clock.nowMs();
      const { runId } = ports;
      const found = await ports.deliveries.orphaned(tx, { wallMs: ports.wallMs(), limit, runId });
      // Looked at after the rows: a claim is in a hand before its commit can be seen.
      const hands = [...this.hands];
      const orphans = found.filter((row) => !hands.some((hand) => hand.has(row.id)));
      const inHand = orphans.filter(({ state }) => state === 'sending');
      const effects = noEffects();
      for (const row of orphans) this.giveBack(row, effects);
      for (const row of inHand) {
        const detail = 'the worker ended while the message was in hand';
        effects.updated.push(this.outcomeOf(row, { kind: 'uncertain', detail }, nowMs, effects));
      }
      await storeEffects(ports, tx, effects);
      return inHand.length;
    });
  }
}

interface Told {
  readonly row: Delivery;
  readonly name: string;
  readonly code?: string;
}

function toldOf(row: Delivery, result: SendResult): readonly Told[] {
  if (result.kind === 'accepted') return [{ row, name: 'relance_message_accepted' }];
  const isGone = result.kind === 'failed' && result.code === 'invalid_address';
  return isGone ? [{ row, name: 'relance_message_bounced', code: result.code }] : [];
}
