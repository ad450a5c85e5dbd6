import type { EpochMs, Locale } from '#libs/kernel';
import { EVERYTHING } from '../../runtime/holds.js';
import { withheldReason } from '../scenarios/today.js';
import { counted, PEOPLE, quoted, say, spanText, type Bilingual } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import type { HoldReach } from './holds.js';
import type { ActReach, OperatorAct, Trouble, TroubledRow } from './ports.js';

const MESSAGES = { fr: ['message', 'messages'], en: ['message', 'messages'] } as const;
const ENROLMENTS = { fr: ['parcours', 'parcours'], en: ['enrolment', 'enrolments'] } as const;

const TROUBLES: Readonly<Record<Trouble, Bilingual>> = {
  stuck: { fr: 'bloqué', en: 'stuck' },
  overdue: { fr: 'en retard', en: 'overdue' },
  failing: { fr: 'en échec', en: 'failing' },
  paused: { fr: 'suspendu', en: 'paused' },
  any: { fr: 'tous', en: 'all' },
};

/** What a hold touches, or touched. */
export function holdSentence(
  told: {
    readonly act: 'pause' | 'resume';
    readonly name: string | null;
    readonly reach: HoldReach;
    readonly isDone: boolean;
    readonly dryRun: boolean;
  },
  locale: Locale,
): string {
  const { act, name, reach, isDone, dryRun } = told;
  const what = name === null ? say(locale, 'Tout', 'Everything') : quoted(name, locale);
  const people = counted(reach.people, locale, PEOPLE);
  const messages = counted(reach.messages, locale, MESSAGES);
  if (!dryRun && !isDone) {
    return act === 'pause'
      ? say(locale, `${what} était suspendu déjà.`, `${what} was paused already.`)
      : say(locale, `${what} n’était pas suspendu.`, `${what} was not paused.`);
  }
  const touches = say(
    locale,
    `${what} : ${people} dans un scénario, ${messages} à partir.`,
    `${what}: ${people} in a scenario, ${messages} to go.`,
  );
  if (act === 'resume') {
    const then = say(
      locale,
      'Ce qui est échu repart comme son étape le dit.',
      'What fell due goes on as its step says.',
    );
    return `${touches} ${then}`;
  }
  const nothing = say(
    locale,
    'Personne n’entre, aucune attente ne finit, aucun message ne part.',
    'Nobody enters, no wait ends, no message leaves.',
  );
  const hands = counted(reach.inHand, locale, MESSAGES);
  const leaving =
    reach.inHand === 0
      ? ''
      : say(
          locale,
          ` ${hands} déjà remis au prestataire : cela ne se rattrape pas.`,
          ` ${hands} already handed to the provider: that cannot be called back.`,
        );
  return `${touches} ${nothing}${leaving}`;
}

/** What an act on enrolments touches. */
export function actSentence(
  {
    act,
    reach,
    dryRun,
  }: {
    readonly act: OperatorAct;
    readonly reach: ActReach;
    readonly dryRun: boolean;
  },
  locale: Locale,
): string {
  if (reach.enrolments === 0) return say(locale, 'Personne n’est touché.', 'Nobody is touched.');
  const of = `${counted(reach.enrolments, locale, ENROLMENTS)} (${counted(reach.people, locale, PEOPLE)})`;
  const messages = counted(reach.messages, locale, MESSAGES);
  const held =
    reach.messages === 0
      ? ''
      : act === 'stop'
        ? say(locale, ` ${messages} ne partiront pas.`, ` ${messages} will not go.`)
        : say(locale, ` ${messages} à partir en dépendent.`, ` ${messages} to go depend on it.`);
  const begins = dryRun
    ? ''
    : say(locale, ' Le travail commence, page par page.', ' The work begins, page by page.');
  return `${actName(act, locale)} ${of}.${held}${begins}`;
}

/** What was done, and to what. */
export function doneSentence(act: OperatorAct, what: string, locale: Locale): string {
  const colon = locale === 'fr' ? ' :' : ':';
  return `${actName(act, locale)}${colon} ${what}.`;
}

function actName(act: OperatorAct, locale: Locale): string {
  if (act === 'pause') return say(locale, 'Suspendre', 'Pause');
  if (act === 'resume') return say(locale, 'Reprendre', 'Resume');
  return say(locale, 'Arrêter', 'Stop');
}

/** The scope of an act, as noted, in words. */
export function choiceText(scope: string, words: WorkspaceWords): string {
  const { locale } = words;
  if (scope === EVERYTHING) return say(locale, 'tout', 'everything');
  if (!scope.startsWith('{')) return quoted(words.scenario(scope), locale);
  const choice = JSON.parse(scope) as {
    ids?: number;
    trouble?: Trouble;
    scenario?: string;
    step?: string;
    reason?: string;
  };
  if (choice.ids !== undefined) return counted(choice.ids, locale, ENROLMENTS);
  return [
    TROUBLES[choice.trouble ?? 'any'][locale],
    choice.scenario === undefined ? null : quoted(words.scenario(choice.scenario), locale),
    choice.step ?? null,
    choice.reason === undefined ? null : reasonOf(choice.reason, locale),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function reasonOf(reason: string, locale: Locale): string {
  if (reason === 'failed')
    return say(locale, 'refusé par le prestataire', 'refused by the provider');
  if (reason === 'uncertain') {
    return say(locale, 'sans réponse certaine du prestataire', 'without a certain answer');
  }
  return withheldReason(reason, locale);
}

/** What is wrong, in one sentence. */
export function troubleWhy(
  trouble: Trouble,
  row: { readonly reason: string | null } & Partial<
    Pick<TroubledRow, 'status' | 'isHeld' | 'sinceMs' | 'dueAtMs'>
  >,
  at: { readonly locale: Locale; readonly nowMs: EpochMs },
): string {
  const { locale, nowMs } = at;
  const for_ = (fromMs: EpochMs | null | undefined): string =>
    fromMs === null || fromMs === undefined
      ? ''
      : say(
          locale,
          ` depuis ${spanText(nowMs - fromMs, locale)}`,
          ` for ${spanText(nowMs - fromMs, locale)}`,
        );
  if (trouble === 'failing' && row.reason !== null) {
    const why = reasonOf(row.reason, locale);
    return say(
      locale,
      `Le dernier message n’est pas parti : ${why}.`,
      `The last message did not go: ${why}.`,
    );
  }
  if (trouble === 'overdue') {
    return say(
      locale,
      `Devait continuer${for_(row.dueAtMs)}.`,
      `Should have gone on${for_(row.dueAtMs)}.`,
    );
  }
  if (trouble === 'stuck') {
    return say(
      locale,
      `Attend une réponse${for_(row.sinceMs)}.`,
      `Waits for an answer${for_(row.sinceMs)}.`,
    );
  }
  if (row.status === 'paused' || trouble === 'paused') {
    return row.isHeld === true
      ? say(
          locale,
          'Suspendu avec son scénario, ou avec tout.',
          'Paused with its scenario, or with everything.',
        )
      : say(locale, 'Suspendu.', 'Paused.');
  }
  return say(locale, `À cette étape${for_(row.sinceMs)}.`, `On this step${for_(row.sinceMs)}.`);
}
