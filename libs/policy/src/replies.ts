/** What a reply to an SMS asks for; null: something a person should read. */
export type ReplyKind = 'stop' | 'start' | 'help';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Ask to stop wherever they stand, unless negated. */
const STOP_WORDS = words(
  'STOP STOPALL STOPSMS STOPPUB STOPPEZ DESABO DESABONNER DESABONNEZ DESABONNEMENT DESINSCRIRE ' +
    'DESINSCRIVEZ DESINSCRIPTION RESILIER RESILIEZ UNSUBSCRIBE UNSUB OPTOUT ARRETER ARRETEZ',
);
/** Ask to stop only as the message's whole sense: they are ordinary words too. */
const LONE_STOP_WORDS = words('ARRET ARRETE ARRETT ARRETS FIN END CANCEL QUIT');
const START_WORDS = words('START UNSTOP OUI YES REPRENDRE');
const HELP_WORDS = words('AIDE HELP INFO INFOS CONTACT');

/** Say nothing beside a keyword. */
const FILLERS = words(
  'MERCI SVP STP PLEASE PLZ THANKS THANK YOU BONJOUR BONSOIR HELLO HI SALUT CORDIALEMENT S IL VOUS ' +
    'TE PLAIT SMS PUB PUBS AU A LE LA LES DE DES THE TO TEXT TEXTS MSG MESSAGE MESSAGES NOW ' +
    'MAINTENANT IMMEDIATEMENT D OK ALORS DONC ET AND MOI ME ALL TOUT TOUS VOS CES THIS THESE ' +
    'MADAME MONSIEUR BEAUCOUP BIEN VOULOIR',
);

const NEGATIONS = words(
  'NE N PAS NOT DONT DOESNT DIDNT CANT CANNOT WONT NEVER JAMAIS SANS WITHOUT NON NO',
);
/** `Ne plus` before a keyword still means to go on: "ne plus arrêter". */
const NEGATION_REACH = 2;

/** Before STOP they make it a thing: bus stop, pit stop. */
const NOUN_BEFORE = words('BUS PIT FULL TRAM TRAIN NEXT LAST');
/** After ARRETER they say what else is to stop: "arrêter de fumer". */
const OTHER_OBJECTS = words('FUMER TRAVAILLER BOIRE COURIR PLEUVOIR RIRE');

/** Refusals that need no keyword, on folded words. */
const STOP_PHRASES: readonly RegExp[] = [
  /\bNE (?:PLUS|PAS) (?:ME |M )?(?:ENVOYER|CONTACTER|RECEVOIR|ECRIRE|RELANCER|SOLLICITER)\b/,
  /\bNE (?:ME |M )?(?:ENVOYEZ|CONTACTEZ|ECRIVEZ|RELANCEZ|SOLLICITEZ) (?:PLUS|PAS)\b/,
  /\bPLUS (?:RECEVOIR|DE (?:SMS|MESSAGES?|PUBS?|PUBLICITES?))\b/,
  /\b(?:REMOVE|TAKE) ME (?:FROM|OFF)\b/,
  /\bOPT(?:ING)? (?:ME )?OUT\b/,
  /\b(?:DO NOT|DONT) (?:TEXT|CONTACT|MESSAGE|SMS) ME\b/,
  /\bLEAVE ME ALONE\b/,
  /\bNO MORE (?:SMS|TEXTS?|MESSAGES?)\b/,
];

/** Upper case without accents or punctuation; English contractions keep together. */
function fold(text: string): string[] {
  const bare = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase();
  const joined = bare.replace(/N[\u2019'\u02bc]T\b/g, 'NT').replace(/\bDO NOT\b/g, 'DONT');
  return joined.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

const isFiller = (word: string): boolean => FILLERS.has(word) || /^\d+$/.test(word);

/** Whether the keywords are all the message says. */
function isOnly(tokens: readonly string[], keywords: ReadonlySet<string>): boolean {
  const said = tokens.filter((token) => !keywords.has(token) && !isFiller(token));
  return said.length === 0 && tokens.some((token) => keywords.has(token));
}

function isNegated(tokens: readonly string[], index: number): boolean {
  if (tokens[index + 1] === 'PAS' || tokens[index + 1] === 'JAMAIS') return true;
  const before = tokens.slice(Math.max(0, index - NEGATION_REACH), index);
  // "Non, stop" refuses twice; it negates nothing.
  if (index === 1 && (tokens[0] === 'NON' || tokens[0] === 'NO')) return false;
  return before.some((token) => NEGATIONS.has(token));
}

function asksToStop(tokens: readonly string[]): boolean {
  return tokens.some((token, index) => {
    if (!STOP_WORDS.has(token) || isNegated(tokens, index)) return false;
    if (token === 'STOP' && NOUN_BEFORE.has(tokens[index - 1] ?? '')) return false;
    return !OTHER_OBJECTS.has(tokens[index + 2] ?? '');
  });
}

/**
 * Reads a reply in French or English. Accents, case and punctuation do not matter. A refusal wins
 * over all else and in doubt between a keyword and an ordinary word it is a refusal; `start` and
 * `help` are taken only where the keyword is all the message says. `start` is no consent by itself:
 * the caller honours it only where one existed before.
 */
export function classifyReply(text: string): ReplyKind | null {
  const tokens = fold(text);
  const sentence = tokens.join(' ');
  if (asksToStop(tokens) || isOnly(tokens, LONE_STOP_WORDS)) return 'stop';
  if (STOP_PHRASES.some((phrase) => phrase.test(sentence))) return 'stop';
  if (isOnly(tokens, START_WORDS)) return 'start';
  return isOnly(tokens, HELP_WORDS) ? 'help' : null;
}
