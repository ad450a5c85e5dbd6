import type { OutgoingMessage } from '../channels/ports.js';
import type { PersonContext } from '../runtime/ports.js';
import type { Delivery } from './ports.js';

/** A message ready to go, with the targets of its links. */
export interface ComposedMessage {
  readonly message: OutgoingMessage;
  readonly links: readonly string[];
}

/** Why a message cannot be written; it is withheld at stage `content`, never sent with a hole. */
export interface ComposeRefusal {
  readonly reason: 'missing_variable' | 'render_failed' | 'template_unknown' | 'no_sender';
  /** The variable or template; nothing personal. */
  readonly detail: string;
}

/** Writes the message of a delivery in the person's language. One a channel. */
export interface Composer {
  compose(
    delivery: Delivery,
    person: PersonContext,
    address: string,
  ): { readonly composed: ComposedMessage } | { readonly refusal: ComposeRefusal };
}
