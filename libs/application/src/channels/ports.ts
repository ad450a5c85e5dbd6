/** A way to reach a person that sends text: tasks and web hooks have ports of their own. */
export type MessageChannel = 'email' | 'sms';

/** One e-mail to one person, rendered. Nothing in it is looked up again while it is sent. */
export interface EmailMessage {
  readonly channel: 'email';
  /** The idempotency key all the way to the provider; becomes `X-Relance-Delivery`. */
  readonly deliveryId: string;
  /** One bare address, without a display name. */
  readonly to: string;
  /** `Maison Lumen <bonjour@maison-lumen.example>` or a bare address. */
  readonly from: string;
  readonly replyTo?: string;
  /** Where bounces go; without it, the address of `from`. */
  readonly envelopeFrom?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** `List-Unsubscribe`, `List-Unsubscribe-Post`, `List-Id`, `Feedback-ID`, by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** `<hash@domain>`, derived from the delivery id so that a repeat carries the same one. */
  readonly messageId: string;
}

/** One text message to one phone. */
export interface SmsMessage {
  readonly channel: 'sms';
  readonly deliveryId: string;
  /** E.164: `+33612345678`. */
  readonly to: string;
  /** A short code, an E.164 number, a name of 11 letters, or Twilio's `MG...` service id. */
  readonly from: string;
  readonly text: string;
}

/** What a sender takes: rendered, permitted, claimed. */
export type OutgoingMessage = EmailMessage | SmsMessage;

/** Why a provider certainly did not take a message. */
export type SendFailure =
  /** No connection was made: refused, unknown host, no route. */
  | 'no_connection'
  /** The connection ended, or a time-out struck, before the message was handed over. */
  | 'connection_lost'
  /** The caller's signal, before the message was handed over. */
  | 'aborted'
  /** The provider asks to come back later: an SMTP 4xx, an HTTP 429. */
  | 'deferred'
  | 'auth_failed'
  | 'tls_failed'
  /** The address or number does not exist: suppress it. */
  | 'invalid_address'
  /** The person told the provider to stop: suppress, and record the refusal. */
  | 'opted_out'
  | 'mailbox_full'
  /** Taken for spam: keep the address, slow down. */
  | 'content_refused'
  /** Our own set-up (SPF, DKIM, DMARC, sender rights): pause, never suppress. */
  | 'sender_refused'
  | 'too_large'
  /** Any other permanent refusal. */
  | 'rejected';

/**
 * What became of a message. `failed` is certain non-acceptance; `retryable` says that the same
 * message may be accepted later. `uncertain` was handed over and the answer is unknown: it is
 * listed, and never sent again without a look-up at the provider. Details hold no address.
 */
export type SendResult =
  | {
      readonly kind: 'accepted';
      readonly provider: string;
      readonly providerId: string;
      /** SMS only: how many segments will be charged. */
      readonly segments?: number;
    }
  | {
      readonly kind: 'failed';
      readonly code: SendFailure;
      readonly detail: string;
      readonly retryable: boolean;
    }
  | { readonly kind: 'uncertain'; readonly detail: string };

/**
 * Hands messages to a provider, each at most once: no implementation repeats a message by itself.
 * The world's refusals are results; `send` rejects only for a bug of ours. When the signal aborts,
 * the result tells whether the message may have left (`uncertain`) or certainly has not (`failed`).
 */
export interface ChannelSender {
  readonly channel: MessageChannel;
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>;
  /** Takes nothing more, waits for what is in hand within a bound, then cuts it off. */
  close(): Promise<void>;
}

/** The source of one e-mail template version. */
export interface EmailTemplateSource {
  readonly id: string;
  /** By locale code, the workspace's first locale first: it is the fallback. */
  readonly locales: Readonly<Record<string, EmailLocaleSource>>;
  /** Locales that must be there; each one missing is a problem. */
  readonly localesRequired?: readonly string[];
  /** Marketing: the body in each locale must hold `{{unsubscribe_url}}`, in HTML and in text. */
  readonly unsubscribeRequired?: boolean;
}

/** The three files of one locale. */
export interface EmailLocaleSource {
  readonly subject: string;
  readonly mjml: string;
  readonly text: string;
}

/** The source of one template of plain text: SMS bodies, titles of tasks. */
export interface TextTemplateSource {
  readonly id: string;
  readonly locales: Readonly<Record<string, string>>;
  readonly localesRequired?: readonly string[];
  /** Marketing by SMS: each locale must say STOP. */
  readonly stopRequired?: boolean;
}

/** Why a template cannot be published. */
export interface TemplateProblem {
  readonly code:
    | 'no_locale'
    | 'missing_locale'
    | 'mjml_invalid'
    | 'syntax'
    | 'unknown_helper'
    | 'unknown_variable'
    | 'unescaped_output'
    | 'no_unsubscribe'
    | 'too_large';
  readonly locale: string;
  readonly part: 'subject' | 'mjml' | 'text';
  readonly detail: string;
  /** 1-based, in the file; for Handlebars inside MJML not known. */
  readonly line?: number;
}

/** A template version ready to render; opaque beside what is said here. */
export interface CompiledTemplate {
  readonly id: string;
  /** Content hash of the source. */
  readonly hash: string;
  readonly kind: 'email' | 'text';
  /** In the source's order. */
  readonly locales: readonly string[];
}

/** What a template may read. `format` rules how `money`, `date` and `number` write. */
export interface TemplateVariables {
  readonly profile?: unknown;
  readonly account?: unknown;
  readonly entry?: unknown;
  readonly decision?: unknown;
  readonly vars?: unknown;
  readonly workspace?: unknown;
  readonly unsubscribe_url?: string;
  readonly preferences_url?: string;
  readonly format?: {
    /** BCP 47, `fr-FR`; without it, the locale rendered. */
    readonly locale?: string;
    /** IANA zone for `date`. */
    readonly timezone?: string;
    /** ISO 4217, where `money` names none. */
    readonly currency?: string;
  };
}

/** Why a message is withheld rather than sent with a hole. */
export interface RenderProblem {
  readonly code: 'missing_variable' | 'render_failed';
  /** The path as the template writes it: `profile.firstName`. */
  readonly variable?: string;
  readonly detail: string;
}

/** A person's e-mail, before its links are signed. */
export interface RenderedEmail {
  readonly locale: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
