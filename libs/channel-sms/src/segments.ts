import { assert, fromUnits, toUnits } from '#libs/kernel';
import { SegmentedMessage } from 'sms-segments-calculator';

/** What a text costs on the air. */
export interface SegmentCount {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly segments: number;
  /** The characters that force UCS-2, each once, in order of appearance. */
  readonly offending: readonly string[];
}

const TEXT_MAX_CHARACTERS = 1_600;

/**
 * Counts segments: 160 or 153 characters in GSM-7, 70 or 67 in UCS-2. The euro sign and a few more
 * count twice. An empty text has none.
 */
export function countSegments(text: string): SegmentCount {
  assert(text.length <= TEXT_MAX_CHARACTERS, 'an SMS has 1,600 characters or fewer');
  if (text === '') return { encoding: 'GSM-7', segments: 0, offending: [] };
  const message = new SegmentedMessage(text, 'auto');
  return {
    encoding: message.encodingName,
    segments: message.segmentsCount,
    offending: [...new Set(message.getNonGsmCharacters())],
  };
}

/** What writing with the letters of GSM-7 alone would change. */
export interface Transliteration {
  readonly text: string;
  readonly before: SegmentCount;
  readonly after: SegmentCount;
  readonly segmentsSaved: number;
  /** Decimal text in the currency of the price; absent without one. */
  readonly saved?: string;
}

/** What NFD does not take apart, or would take apart wrongly. */
const REPLACED: Readonly<Record<string, string>> = {
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  '’': "'",
  '‘': "'",
  '‚': ',',
  '“': '"',
  '”': '"',
  '„': '"',
  '‹': "'",
  '›': "'",
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '...',
  '•': '-',
  '·': '.',
  '×': 'x',
  '™': '(TM)',
  '©': '(c)',
  '®': '(R)',
  '°': 'o',
  º: 'o',
  ª: 'a',
  '½': '1/2',
  '¼': '1/4',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '\u00ad': '',
  '\u200b': '',
  '\ufeff': '',
};

/**
 * Offers the same text in GSM-7: accents that GSM-7 has (`é è à ù`) stay, others go (`ê` to `e`,
 * `œ` to `oe`), typographic marks become plain. What cannot be written so, an emoji, stays.
 * `pricePerSegment` is a decimal text.
 */
export function transliterate(text: string, pricePerSegment?: string): Transliteration {
  const before = countSegments(text);
  if (before.encoding === 'GSM-7') {
    return result({ text, before, after: before }, pricePerSegment);
  }
  const offending = new Set(before.offending);
  // French sets its quotation marks apart; straight ones stand close.
  const normal = text.normalize('NFC').replace(/«\s*/g, '"').replace(/\s*»/g, '"');
  const written = Array.from(normal, (character) => {
    return offending.has(character) || !isAscii(character) ? plain(character) : character;
  }).join('');
  const after = countSegments(written.slice(0, TEXT_MAX_CHARACTERS));
  return result({ text: written, before, after }, pricePerSegment);
}

function plain(character: string): string {
  if (isGsm(character)) return character;
  const replaced = REPLACED[character];
  if (replaced !== undefined) return replaced;
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
  return bare !== '' && isGsm(bare) ? bare : character;
}

const gsm = new Map<string, boolean>();

function isGsm(character: string): boolean {
  const known = gsm.get(character);
  if (known !== undefined) return known;
  const answer = new SegmentedMessage(character, 'auto').encodingName === 'GSM-7';
  if (gsm.size < 5_000) gsm.set(character, answer);
  return answer;
}

function isAscii(character: string): boolean {
  return character.length === 1 && character.charCodeAt(0) < 128;
}

function result(
  made: { readonly text: string; readonly before: SegmentCount; readonly after: SegmentCount },
  price: string | undefined,
): Transliteration {
  const segmentsSaved = made.before.segments - made.after.segments;
  if (price === undefined) return { ...made, segmentsSaved };
  return { ...made, segmentsSaved, saved: fromUnits(toUnits(price) * BigInt(segmentsSaved)) };
}
