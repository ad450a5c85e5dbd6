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
  'MERCI SVP STP PLEASE PLZ THANKS THANK YOU BONJOUR BONSOIR HELLO HI SALUT CORDIALEMENT S IL ' +
    'VOUS TE PLAIT SMS PUB PUBS AU A LE LA LES DE DES THE TO TEXT TEXTS MSG MESSAGE MESSAGES NOW ' +
    'MAINTENANT IMMEDIATEMENT D OK ALORS DONC ET AND MOI ME ALL TOUT TOUS VOS CES THIS THESE ' +
    'MADAME MONSIEUR BEAUCOUP BIEN VOULOIR',
);

// NON and NO are not among them: "non merci, stop" refuses twice.
const NEGATIONS = words(
  'NE N PAS NOT DONT DOESNT DIDNT CANT CANNOT WONT NEVER JAMAIS SANS WITHOUT',
);
/** `Ne plus` before a keyword still means to go on: "ne plus arrêter". */
const NEGATION_REACH = 2;

/** Before STOP they make it a thing: bus stop, pit stop. */
const NOUN_BEFORE = words('BUS PIT FULL TRAM TRAIN NEXT LAST');
/** After ARRETER they say what else is to stop: "arrêter de fumer". */
const OTHER_OBJECTS = words('FUMER TRAVAILLER BOIRE COURIR PLEUVOIR RIRE');

/** Refusals that need no keyword, on folded words. */
const STOP_PHRASES: readonly RegExp[] = [
  /\bS T O P\b/,
  /\bNE (?:PLUS|PAS) (?:ME |M )?(?:ENVOYER|CONTACTER|RECEVOIR|ECRIRE|RELANCER|SOLLICITER)\b/,
  /\bNE? (?:ME |M )?(?:ENVOYEZ|CONTACTEZ|ECRIVEZ|RELANCEZ|SOLLICITEZ) (?:PLUS|PAS)\b/,
  /\bPLUS (?:RECEVOIR|DE (?:SMS|MESSAGES?|PUBS?|PUBLICITES?))\b/,
  /\b(?:REMOVE ME|TAKE ME OFF)\b/,
  /\bOPT(?:ING)? (?:ME )?OUT\b/,
  /\b(?:DO NOT|DONT) (?:TEXT|CONTACT|MESSAGE|SMS) ME\b/,
  /\bLEAVE ME ALONE\b/,
  /\bNO MORE (?:SMS|TEXTS?|MESSAGES?)\b/,
];

/**
 * Clauses of words in upper case without accents; English contractions keep together. A negation
 * reaches no further than its clause.
 */
function fold(text: string): string[][] {
  const bare = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase();
  const joined = bare.replace(/N[\u2019'\u02bc]T\b/g, 'NT').replace(/\bDO NOT\b/g, 'DONT');
  const clauses = joined.split(/[.,;:!?\n]+/);
  return clauses.map((clause) => clause.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''));
}

const isFiller = (word: string): boolean => FILLERS.has(word) || /^\d+$/.test(word);

/** Whether the keywords are all the message says. */
function isOnly(tokens: readonly string[], keywords: ReadonlySet<string>): boolean {
  const said = tokens.filter((token) => !keywords.has(token) && !isFiller(token));
  return said.length === 0 && tokens.some((token) => keywords.has(token));
}

function isNegated(tokens: readonly string[], index: number): boolean {
  const [twoBefore, before, word, after, twoAfter] = [-2, -1, 0, 1, 2].map(
    (step) => tokens[index + step],
  );
  // "Arrêtez pas" goes on; "arrêtez, pas de pub" does not.
  if ((after === 'PAS' && twoAfter !== 'DE') || after === 'JAMAIS') return true;
  // In "je ne veux pas stop" the negation is the verb's before it.
  if (word === 'STOP' && before === 'PAS' && /^(?:VEUX|VEUT|VOULONS)$/.test(twoBefore ?? '')) {
    return false;
  }
  const reach = tokens.slice(Math.max(0, index - NEGATION_REACH), index);
  return reach.some((token) => NEGATIONS.has(token));
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
  const clauses = fold(text);
  const tokens = clauses.flat();
  const sentence = tokens.join(' ');
  if (clauses.some(asksToStop) || isOnly(tokens, LONE_STOP_WORDS)) return 'stop';
  if (STOP_PHRASES.some((phrase) => phrase.test(sentence))) return 'stop';
  if (isOnly(tokens, START_WORDS)) return 'start';
  return isOnly(tokens, HELP_WORDS) ? 'help' : null;
}
