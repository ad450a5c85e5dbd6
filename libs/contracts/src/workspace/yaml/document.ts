import { fail, ok, type Json, type Place, type Problem, type Result } from '#libs/kernel';
import { Composer, Lexer, LineCounter, Parser, type Document, type ErrorCode } from 'yaml';
import { problemOf } from '../../problems/problem.js';
import { depthWithin } from './depth.js';
import { placeInScalar } from './scalar-place.js';
import { plainOf, pointerOf, type Spot } from './plain.js';

/** Bounds of one file; past them it is refused before anything expensive is done. */
export const FILE_LIMITS = Object.freeze({
  /** UTF-16 units of the source. */
  length: 64 * 1024,
  depth: 64,
  values: 10_000,
  /** Signs, words and line ends of the source. */
  tokens: 25_000,
});

/** A path from the root of a document: keys and indices. */
export type DocumentPath = readonly (string | number)[];

/** A file read into plain JSON that still knows where each value stood. */
export interface SourceDocument {
  readonly file: string;
  readonly value: Json;
  /** Where the value stands; of a missing one, the nearest value around it. */
  placeOf(path: DocumentPath): Place;
  /** Where the key of a member stands. */
  placeOfKey(path: DocumentPath): Place;
  /** Where a character of a text value stands, counted in UTF-16 units of the value. */
  placeIn(path: DocumentPath, offset: number): Place;
}

/**
 * Reads YAML 1.2 or JSON. Whatever the text is, the answer is a document or problems, in bounded
 * time and depth: no anchors, aliases or tags, one document a file, each key once.
 */
export function readDocument(
  file: string,
  source: string,
): Result<SourceDocument, readonly Problem[]> {
  const top: Place = { file, line: 1, column: 1 };
  if (source.length > FILE_LIMITS.length) {
    const params = { size: Math.ceil(source.length / 1024), limit: FILE_LIMITS.length / 1024 };
    return fail([problemOf('RLN-1002', top, params)]);
  }
  const text = lineEndsOf(source.startsWith('\uFEFF') ? source.slice(1) : source);
  if (isBinary(text)) return fail([problemOf('RLN-1004', top)]);
  try {
    return composed(file, text);
  } catch (thrown) {
    // The YAML library's own limits, such as the depth of the stack, on text made to reach them.
    const detail = thrown instanceof RangeError ? 'nesting' : 'unreadable';
    return fail([problemOf('RLN-1001', top, { detail })]);
  }
}

/** A carriage return alone ends a line, as YAML says and its library does not; places stay. */
function lineEndsOf(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}

function composed(file: string, text: string): Result<SourceDocument, readonly Problem[]> {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (!isLexedWithin(text, FILE_LIMITS.tokens)) {
    return fail([problemOf('RLN-1008', place(0), { limit: FILE_LIMITS.values })]);
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (!depthWithin(tokens, FILE_LIMITS.depth)) {
    return fail([problemOf('RLN-1003', place(0), { limit: FILE_LIMITS.depth })]);
  }
  const composer = new Composer({ uniqueKeys: false, keepSourceTokens: true, strict: true });
  const documents = [...composer.compose(tokens)] as Document.Parsed[];
  const [document] = documents;
  if (document === undefined || document.contents === null) {
    return fail([problemOf('RLN-1007', place(0))]);
  }
  if (documents.length > 1)
    return fail([problemOf('RLN-1009', place(documents[1]?.range[0] ?? 0))]);
  const refused = document.errors
    .slice(0, 10)
    .map((error) => problemOf('RLN-1001', place(error.pos[0]), { detail: detailOf(error.code) }));
  if (refused.length > 0) return fail(refused);
  const plain = plainOf(document.contents, FILE_LIMITS.values);
  if (!plain.ok) {
    return fail(
      plain.error.map(({ code, offset, params }) => problemOf(code, place(offset), params)),
    );
  }
  return ok(sourceDocument({ file, text, place, ...plain.value }));
}

/**
 * Counts tokens without building anything of them: the cost of parsing grows faster than they do.
 */
function isLexedWithin(text: string, limit: number): boolean {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    count += 1;
    if (count > limit) return false;
  }
  return true;
}

interface Read {
  readonly file: string;
  readonly text: string;
  readonly place: (offset: number) => Place;
  readonly value: Json;
  readonly spots: ReadonlyMap<string, Spot>;
}

function sourceDocument({ file, text, place, value, spots }: Read): SourceDocument {
  const spotAt = (path: DocumentPath): Spot | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const spot = spots.get(pointerOf(path.slice(0, length)));
      if (spot !== undefined) return spot;
    }
    return undefined;
  };
  return {
    file,
    value,
    placeOf: (path) => place(spotAt(path)?.start ?? 0),
    placeOfKey: (path) => place(spots.get(pointerOf(path))?.keyStart ?? spotAt(path)?.start ?? 0),
    placeIn: (path, offset) => {
      const spot = spots.get(pointerOf(path));
      return place(spot === undefined ? 0 : placeInScalar(text, spot, offset));
    },
  };
}

/** Control characters that text does not hold, or the mark of bytes that were no UTF-8. */
function isBinary(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0xfffd || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) return true;
  }
  return false;
}

const DETAILS: Partial<Record<ErrorCode, { fr: string; en: string }>> = {
  BAD_INDENT: { fr: 'indentation incorrecte', en: 'wrong indentation' },
  BLOCK_IN_FLOW: {
    fr: 'un deux-points ou un tiret de trop ; une valeur qui en contient va entre guillemets',
    en: 'a colon or dash too many; a value that holds one goes in quotes',
  },
  MISSING_CHAR: { fr: 'il manque un signe', en: 'a sign is missing' },
  MULTILINE_IMPLICIT_KEY: {
    fr: 'une clé sur plusieurs lignes',
    en: 'a key over several lines',
  },
  TAB_AS_INDENT: { fr: 'une tabulation comme indentation', en: 'a tab as indentation' },
  UNEXPECTED_TOKEN: { fr: 'un signe inattendu', en: 'an unexpected sign' },
  BAD_SCALAR_START: {
    fr: 'une valeur qui commence par un signe réservé',
    en: 'a value that begins with a reserved sign',
  },
  BAD_DQ_ESCAPE: { fr: 'un échappement inconnu', en: 'an unknown escape' },
  BAD_ALIAS: { fr: 'une ancre ou un alias', en: 'an anchor or alias' },
};

function detailOf(code: ErrorCode): { fr: string; en: string } {
  return DETAILS[code] ?? { fr: 'erreur de syntaxe', en: 'syntax error' };
}
