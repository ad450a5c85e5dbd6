import type { ApiBody, ApiResponse } from '#libs/contracts';
import { fail, ok, type EpochMs, type Locale, type Result } from '#libs/kernel';
import type { CorrectedReplay, DeadLetters } from '../../profile/dead-letters.js';
import type { DeadLetter } from '../../profile/ports.js';
import { readBefore } from '../decisions/decision-console.js';
import { deliveryStateName, happeningText } from '../people/tellings.js';
import type { PersonReader } from '../people/ports.js';
import type { Bilingual } from '../words/text.js';
import { wordsOf, type ConsoleGround } from '../workspace-source.js';
import type { OperationsReader, SandboxRow } from './ports.js';

/** What operators' pages read. */
export interface OperationsConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: OperationsReader;
  readonly letters: DeadLetters;
  readonly people: Pick<PersonReader, 'names'>;
}

const MOST_AT_ONCE = 1_000;
const MOST_RAW = 4_000;

const CODES: Readonly<Record<string, Bilingual>> = {
  malformed: { fr: 'message mal formé', en: 'malformed message' },
  id_conflict: {
    fr: 'même identifiant qu’un autre message, au contenu différent',
    en: 'same id as another message, with other contents',
  },
  no_identity: { fr: 'aucun identifiant utilisable', en: 'no usable id' },
  unknown_profile: { fr: 'profil inconnu', en: 'unknown profile' },
  invalid_consent: { fr: 'consentement illisible', en: 'unreadable consent' },
  unstorable: { fr: 'contenu impossible à garder', en: 'contents that cannot be kept' },
  fault: { fr: 'erreur de notre fait', en: 'a fault of ours' },
};

/** A cause of a dead letter in words. */
export function letterReason(code: string, locale: Locale): string {
  return CODES[code]?.[locale] ?? code.replaceAll('_', ' ');
}

/** The sandbox mailbox and dead letters. */
export class OperationsConsole {
  constructor(private readonly ports: OperationsConsolePorts) {}

  async sandbox(query: {
    readonly to?: string | undefined;
    readonly channel?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<ApiResponse<'sandboxMessages'>> {
    const rows = await this.ports.reader.sandbox({
      to: query.to === undefined || query.to === '' ? null : query.to.toLowerCase(),
      channel: query.channel ?? null,
      before: query.before ?? null,
      limit: query.limit,
    });
    return rows.map(messageView);
  }

  /** Null where there is no such message. */
  async sandboxOne(id: string, locale: Locale): Promise<ApiResponse<'sandboxMessage'> | null> {
    const { reader, people, ground } = this.ports;
    const seq = /^\d{1,15}$/.test(id) ? Number(id) : null;
    const row = seq === null ? null : await reader.sandboxOne(seq);
    if (row === null) return null;
    const origin = row.deliveryId === null ? null : await reader.originOf(row.deliveryId);
    const words = wordsOf(ground, locale);
    const names = origin === null ? new Map() : await people.names([origin.profileId]);
    return {
      ...messageView(row),
      person:
        origin === null
          ? null
          : { id: origin.profileId, name: names.get(origin.profileId) ?? origin.profileId },
      scenario:
        origin === null || origin.scenario === null
          ? null
          : { id: origin.scenario, name: words.scenario(origin.scenario) },
      state: origin === null ? null : deliveryStateName(origin.state, locale),
      links: [...(origin?.links ?? [])],
      happened: (origin?.happenings ?? []).map((one) => ({
        atMs: one.atMs,
        sentence: happeningText(one, locale),
      })),
    };
  }

  async deadLetters(
    ask: {
      readonly state: DeadLetter['state'];
      readonly code?: string | undefined;
      readonly source?: string | undefined;
      /** This one only, whole. */
      readonly id?: string | undefined;
      readonly cursor?: string | undefined;
      readonly limit: number;
    },
    locale: Locale,
  ): Promise<ApiResponse<'deadLetters'>> {
    const { reader } = this.ports;
    if (ask.id !== undefined) {
      const letter = await reader.deadLetter(ask.id);
      const items = letter === null ? [] : [letterView(letter, locale, Infinity)];
      return { items, next: null, causes: [] };
    }
    const [letters, causes] = await Promise.all([
      reader.deadLetters({
        state: ask.state,
        code: ask.code ?? null,
        source: ask.source ?? null,
        before: readBefore(ask.cursor),
        limit: ask.limit + 1,
      }),
      reader.causes(ask.state),
    ]);
    const page = letters.slice(0, ask.limit);
    const last = page.at(-1);
    return {
      items: page.map((letter) => letterView(letter, locale, MOST_RAW)),
      next: letters.length > ask.limit && last ? `${last.firstAtMs}~${last.id}` : null,
      causes: causes.map((cause) => ({ ...cause, reason: letterReason(cause.code, locale) })),
    };
  }

  async closeLetters(
    how: 'replay' | 'dismiss',
    wish: NonNullable<ApiBody<'dismissDeadLetters'>>,
  ): Promise<ApiResponse<'replayDeadLetters'>> {
    const { reader, letters } = this.ports;
    if ('ids' in wish) return { count: await letters[how](wish.ids), left: 0 };
    const filter = { code: wish.filter.code ?? null, source: wish.filter.source ?? null };
    const ids = await reader.openIds(filter, MOST_AT_ONCE);
    const count = ids.length === 0 ? 0 : await letters[how](ids);
    const causes = await reader.causes('open');
    const left = causes
      .filter(
        ({ code, source }) =>
          (filter.code === null || code === filter.code) &&
          (filter.source === null || source === filter.source),
      )
      .reduce((sum, cause) => sum + cause.count, 0);
    return { count, left };
  }

  /** Replays one letter as somebody corrected it. */
  async correctLetter(
    { id, message }: LetterCorrection,
    by: string,
  ): Promise<Result<ApiResponse<'replayDeadLetters'>, CorrectionRefusal>> {
    const done = await this.ports.letters.replayCorrected(id, { message, by });
    switch (done.code) {
      case 'replayed':
        return ok({ count: 1, left: 0 });
      case 'not_open':
        return ok({ count: 0, left: 0 });
      case 'malformed':
      case 'reserved':
        return fail(done);
    }
  }
}

/** A letter and the message that takes its place. */
export interface LetterCorrection {
  readonly id: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Why a corrected message is not taken. */
export type CorrectionRefusal = Extract<CorrectedReplay, { code: 'malformed' | 'reserved' }>;

function messageView(row: SandboxRow): ApiResponse<'sandboxMessages'>[number] {
  return {
    id: String(row.seq),
    to: row.recipient,
    from: row.sender,
    channel: row.channel,
    subject: row.subject,
    html: row.html,
    text: row.text,
    headers: { ...row.headers },
    deliveryId: row.deliveryId,
    at: isoOf(row.atMs),
  };
}

function isoOf(atMs: EpochMs): string {
  return new Date(atMs).toISOString();
}

function letterView(
  letter: DeadLetter,
  locale: Locale,
  mostCharacters: number,
): ApiResponse<'deadLetters'>['items'][number] {
  const { id, source, stage, code, detail, raw, firstAtMs, attempts, state, correction } = letter;
  return {
    id,
    source,
    stage,
    code,
    reason: letterReason(code, locale),
    detail,
    raw: raw.slice(0, mostCharacters),
    firstAtMs,
    attempts,
    state,
    correction:
      correction === null ? null : { ...correction, raw: correction.raw.slice(0, mostCharacters) },
  };
}
