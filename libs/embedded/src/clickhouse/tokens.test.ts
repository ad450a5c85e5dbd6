import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analystGuard, isMetadata } from './guard.js';
import { Refusal } from './refusal.js';
import { readStatement } from './statement.js';
import { isMeant, tokenise } from './tokens.js';

const guard = analystGuard({ tableFunctions: ['file', 'url', 'numbers', 'fileCluster'] });
const isRefused = (query: string): boolean => {
  try {
    guard(readStatement(query));
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
};

/** Whatever may stand between two tokens. */
const gap = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u2003', '-- file(\n', '# "\n', "/* ' */"),
      fc.constant('/* /* ` */ " */'),
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join(''));

/** A string or quoted name that tries to look like its end. */
const quoted = fc
  .tuple(
    fc.constantFrom("'", '"', '`'),
    fc.string({ unit: fc.constantFrom('a', "'", '"', '`', '(', '-', '/', '*', ';', ' ') }),
  )
  .map(([quote, text]) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`);

describe('tokenise', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(quoted, gap, fc.constantFrom('SELECT', '1.5e3', ',', '(', ')', 'x')), {
          maxLength: 30,
        }),
        (parts) => {
          const text = parts.join(' ');
          expect(
            tokenise(text)
              .map((token) => token.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });

  it('takes a quoted piece for one token, whatever is in it', () => {
    fc.assert(
      fc.property(quoted, gap, quoted, (a, between, b) => {
        const meant = tokenise(`${a} ${between}\n,${between}${b}`).filter(isMeant);
        expect(meant.map(({ text }) => text)).toEqual([a, ',', b]);
      }),
    );
  });
});

describe('the guard', () => {
  it('refuses a function however it is written and hidden', () => {
    const names = fc.constantFrom(
      'file',
      '`file`',
      '"file"',
      'FILE',
      'url',
      'fileCluster',
      '"url"',
    );
    fc.assert(
      fc.property(names, gap, gap, quoted, (name, before, between, text) => {
        const string = text.startsWith("'") ? text : "'x'";
        expect(isRefused(`SELECT ${string}, ${before} ${name}${between}(${string})`)).toBe(true);
      }),
    );
  });

  it('refuses a table of the machine in a list, behind IN, and named by a parameter', () => {
    const refused = [
      'SELECT 1 FROM system.processes',
      'SELECT 1 FROM one, processes',
      'SELECT 1 FROM (SELECT 1) AS a, `users`',
      'SELECT 1 FROM one AS a JOIN one AS b ON 1, users',
      "SELECT 'a' IN processes",
      'SELECT 1 FROM {d:Identifier}.{t: Identifier}',
    ];
    const allowed = [
      'SELECT a, users FROM t WHERE (a, users) = (1, 2) GROUP BY a, users ORDER BY a, users',
      'SELECT uniq(users), x FROM t WHERE name = {name:String}',
    ];
    expect(refused.filter((text) => !isRefused(text))).toEqual([]);
    expect(allowed.filter((text) => isRefused(text))).toEqual([]);
  });

  it('lets the same words through inside strings and comments', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('file(1)', 'INTO OUTFILE', '; DROP TABLE t', 'SETTINGS a = 1'),
        gap,
        (words, between) => {
          expect(isRefused(`SELECT '${words}'${between} /* ${words} */ -- ${words}`)).toBe(false);
        },
      ),
    );
  });

  it('refuses a second statement, whatever stands between', () => {
    fc.assert(
      fc.property(gap, gap, (a, b) => {
        expect(isRefused(`SELECT 1${a}\n;${b}\nSELECT 2`)).toBe(true);
        expect(isRefused(`SELECT 1${a}\n;${b}\n;`)).toBe(false);
      }),
    );
  });
});

describe('readStatement', () => {
  it('takes settings off, wherever they stand, and keeps columns of that name', () => {
    const read = readStatement(
      "SELECT settings, t.settings FROM (SELECT 1 SETTINGS a = 1, b = 'x''y') AS settings SETTINGS c = -2 FORMAT JSON;",
    );
    expect(Object.fromEntries(read.settings)).toEqual({ a: '1', b: "x'y", c: '-2' });
    expect(read.format).toBe('JSON');
    expect(read.text.replace(/\s+/g, ' ')).toBe(
      'SELECT settings, t.settings FROM (SELECT 1 ) AS settings FORMAT JSON',
    );
  });

  it('finds the placeholders outside strings', () => {
    const read = readStatement("SELECT {a:String}, '{b:String}', {c: Array(UInt8)}, {'d':1}");
    expect(read.placeholders).toEqual(['a', 'c']);
  });
});

describe('isMetadata', () => {
  it.each([
    ['SHOW TABLES', true],
    ['SELECT version(), timezone()', true],
    ['SELECT name FROM system.columns WHERE table = 1 LIMIT 5', true],
    ['SELECT 1', true],
    ['SELECT sleep(3)', false],
    ['SELECT sum(range(1000000))', false],
    ['SELECT * FROM events', false],
    ['SELECT * FROM system.numbers', false],
    ['SELECT * FROM system.columns, system.columns', false],
    ['SELECT (SELECT count() FROM events)', false],
    ['SELECT * FROM system.tables WHERE name IN (SELECT name FROM events)', false],
  ])('%s: %s', (query, expected) => {
    expect(isMetadata(readStatement(query))).toBe(expected);
  });
});
