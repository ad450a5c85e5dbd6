/** What a reply to an SMS asks for. */
export type ReplyIntent =
  /** Leave, at once. */
  | 'stop'
  /** Come back: counts only where a consent was given before. */
  | 'start'
  | 'help'
  | 'other';

/** These mean leaving as the first word of whatever follows: "STOP merci". */
const STOP_FIRST =
  /^(?:STOP|STOPALL|STOPPER|STOPPEZ|ARRET|ARRETE|ARRETT|ARRETER|ARRETEZ|DESABO|DESABONNER|DESABONNEZ|DESABONNEMENT|DESINSCRIRE|DESINSCRIVEZ|DESINSCRIPTION|RESILIER|RESILIATION|UNSUBSCRIBE|REVOKE|OPTOUT)$/;
/** Words of everyday use mean leaving only alone: "fin de semaine" is no refusal. */
const STOP_ALONE = /^(?:FIN|CANCEL|END|QUIT)$/;
/** Anywhere in a short reply without a negation: "je veux me désinscrire". */
const STOP_WITHIN = /^(?:STOP|DESABONNER|DESINSCRIRE|UNSUBSCRIBE)$/;
const START_ALONE = /^(?:START|UNSTOP|OUI|YES|REPRENDRE)$/;
const HELP_ALONE = /^(?:AIDE|HELP|INFO|CONTACT)$/;
const NEGATION = /^(?:NE|N|PAS|NON|NOT|DON|DONT|NEVER|JAMAIS|SANS|NO)$/;
const POLITE = /^(?:MERCI|SVP|STP|PLS|PLEASE|THANKS|THX|BONJOUR|BONSOIR|SMS|PUB)$/;
const SHORT_WORDS = 8;
const READ_MAX_CHARACTERS = 500;

/**
 * Reads a reply without regard to accents, case and punctuation. Errs on the side of leaving: a
 * person who did not mean it can write START, one who was not heard can only complain.
 */
export function readReply(text: string): ReplyIntent {
  const words = wordsOf(text);
  const [first] = words;
  if (first === undefined) return 'other';
  const meant = words.filter((word) => !POLITE.test(word));
  const [alone] = meant.length === 1 ? meant : [];
  if (STOP_FIRST.test(first) || (alone !== undefined && STOP_ALONE.test(alone))) return 'stop';
  if (meant[0] !== undefined && STOP_FIRST.test(meant[0])) return 'stop';
  const isShort = words.length <= SHORT_WORDS;
  const denies = words.some((word) => NEGATION.test(word));
  if (isShort && !denies && words.some((word) => STOP_WITHIN.test(word))) return 'stop';
  if (alone === undefined) return 'other';
  if (START_ALONE.test(alone)) return 'start';
  return HELP_ALONE.test(alone) ? 'help' : 'other';
}

function wordsOf(text: string): string[] {
  const folded = text
    .slice(0, READ_MAX_CHARACTERS)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase();
  return folded.match(/[A-Z0-9]+/g) ?? [];
}
