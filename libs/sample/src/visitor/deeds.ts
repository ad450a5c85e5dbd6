import type { EpochMs } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';

/** What a visitor or a rep does. */
export type VisitorDeed = { readonly atMs: EpochMs } & (
  | { readonly kind: 'event'; readonly event: RawEvent }
  /** GET of a tracked link. */
  | { readonly kind: 'click'; readonly url: string }
  /** POST of an unsubscribe link. */
  | { readonly kind: 'unsubscribe'; readonly url: string }
  | { readonly kind: 'complain'; readonly deliveryId: string }
  | { readonly kind: 'reply'; readonly from: string; readonly text: string }
  | {
      readonly kind: 'close_task';
      readonly taskId: string;
      readonly outcome: 'done' | 'declined';
    }
);

/** What a model must keep over a restart: JSON, some tens of kilobytes. */
export interface VisitorMemory {
  /** Deeds decided and not done. */
  readonly planned: readonly VisitorDeed[];
  /** What was bought because of a message: cart, or account and spell, with the time. */
  readonly bought: readonly (readonly [key: string, atMs: EpochMs])[];
  /** Open tasks already taken up or left. */
  readonly tasks: readonly string[];
}

/** A memory of nothing. */
export const NO_MEMORY: VisitorMemory = { planned: [], bought: [], tasks: [] };
