/** What the texts name: a file with a secret, a file not to be written, who must not be called. */
export interface Targets {
  readonly folder: string;
  readonly secret: string;
  readonly out: string;
  /** Host and port that listen. */
  readonly address: string;
  readonly url: string;
}

/** Texts that no analyst may ask, each with what it tries. */
export const REFUSED: readonly (readonly [name: string, text: (targets: Targets) => string])[] = [
  ['file as a table', ({ secret }) => `SELECT * FROM file('${secret}', 'LineAsString')`],
  ['file as a function', ({ secret }) => `SELECT file('${secret}')`],
  ['file in quotes', ({ secret }) => `SELECT \`file\` ('${secret}')`],
  ['file in double quotes', ({ secret }) => `SELECT "file"('${secret}')`],
  ['file with an escape in its name', ({ secret }) => `SELECT \`f\\x69le\`('${secret}')`],
  ['file after a comment', ({ secret }) => `SELECT file/* ) */('${secret}')`],
  ['file after a nested comment', ({ secret }) => `SELECT file/* /* */ ' */('${secret}')`],
  ['file after a line comment', ({ secret }) => `SELECT file -- '\n('${secret}')`],
  ['file after another space', ({ secret }) => `SELECT file\u00a0('${secret}')`],
  ['file as a lambda', ({ secret }) => `SELECT arrayMap(file, ['${secret}'])`],
  ['file by APPLY', ({ secret }) => `SELECT * APPLY file FROM (SELECT '${secret}')`],
  ['file described', ({ secret }) => `DESCRIBE file('${secret}', 'LineAsString')`],
  ['file explained', ({ secret }) => `EXPLAIN SELECT * FROM file('${secret}')`],
  [
    'file in a subquery',
    ({ secret }) => `SELECT (SELECT * FROM file('${secret}', 'LineAsString'))`,
  ],
  ['fileCluster', ({ secret }) => `SELECT * FROM fileCluster('a', '${secret}')`],
  [
    'file in a CTE',
    ({ secret }) => `WITH s AS (SELECT * FROM file('${secret}', 'LineAsString')) SELECT * FROM s`,
  ],
  ['file as a scalar CTE', ({ secret }) => `WITH (SELECT file('${secret}')) AS s SELECT s`],
  ['file as a lambda in a CTE', ({ secret }) => `WITH (x -> file(x)) AS f SELECT f('${secret}')`],
  ['file by a name of a CTE', ({ secret }) => `WITH '${secret}' AS p SELECT file(p)`],
  [
    'file in the second of two CTEs',
    ({ secret }) =>
      `WITH 1 AS a, s AS (SELECT * FROM file('${secret}', 'LineAsString')) SELECT a, s.* FROM s`,
  ],
  [
    'file in a CTE in a CTE',
    ({ secret }) =>
      `WITH a AS (WITH b AS (SELECT file('${secret}') AS t) SELECT t FROM b) SELECT * FROM a`,
  ],
  [
    'file in a CTE after a comment',
    ({ secret }) =>
      `WITH s /* AS */ AS (/* ( */ SELECT * FROM/**/file/**/('${secret}', 'LineAsString')) SELECT * FROM s`,
  ],
  [
    'file in a recursive CTE',
    ({ secret }) =>
      `WITH RECURSIVE r AS (SELECT file('${secret}') AS t, 1 AS n UNION ALL SELECT t, n + 1 FROM r WHERE n < 2) SELECT * FROM r`,
  ],
  ['url', ({ url }) => `SELECT * FROM url('${url}', 'LineAsString')`],
  [
    'url in a CTE',
    ({ url }) => `WITH s AS (SELECT * FROM url('${url}', 'LineAsString')) SELECT * FROM s`,
  ],
  ['url after a comment', ({ url }) => `SELECT * FROM url -- (\n('${url}', 'LineAsString')`],
  ['remote', ({ address }) => `SELECT * FROM remote('${address}', 'system', 'one')`],
  [
    'remote in a CTE',
    ({ address }) =>
      `WITH s AS (SELECT * FROM remote('${address}', 'system', 'one')) SELECT * FROM s`,
  ],
  [
    'remote after a comment',
    ({ address }) => `SELECT * FROM remote/* ( */('${address}', 'system', 'one')`,
  ],
  ['executable', () => `SELECT * FROM executable('id', 'TSV', 'a String')`],
  [
    'executable in a CTE',
    () => `WITH s AS (SELECT * FROM executable('id', 'TSV', 'a String')) SELECT * FROM s`,
  ],
  ['executable after a comment', () => `SELECT * FROM executable # (\n('id', 'TSV', 'a String')`],
  ['s3', ({ url }) => `SELECT * FROM s3('${url}abc/d', 'CSV')`],
  ['S3 in capitals', ({ url }) => `SELECT * FROM S3('${url}abc/d', 'CSV')`],
  ['mysql', ({ address }) => `SELECT * FROM mysql('${address}', 'a', 'b', 'c', 'd')`],
  ['sqlite', ({ secret }) => `SELECT * FROM sqlite('${secret}', 't')`],
  ['eval', () => `SELECT * FROM eval('SELECT 1')`],
  ['merge', () => `SELECT * FROM merge('system', 'one')`],
  ['INTO OUTFILE', ({ out }) => `SELECT 1 INTO OUTFILE '${out}'`],
  ['into outfile', ({ out }) => `select 1 into/**/outfile '${out}'`],
  ['INTO OUTFILE, odd space', ({ out }) => `SELECT 1 INTO\u2003OUTFILE '${out}'`],
  ['INTO OUTFILE after a CTE', ({ out }) => `WITH 1 AS a SELECT a INTO OUTFILE '${out}'`],
  ['FROM INFILE', ({ secret }) => `INSERT INTO t FROM INFILE '${secret}' FORMAT CSV`],
  ['INSERT', () => `INSERT INTO t VALUES (9, 'x')`],
  ['INSERT after WITH', () => `WITH x AS (SELECT 9) INSERT INTO t SELECT *, '' FROM x`],
  ['two statements', () => 'SELECT 1; SELECT 2'],
  ['two, after a CTE', () => 'WITH 1 AS a SELECT a; WITH 2 AS b SELECT b'],
  ['two, after a comment', () => 'SELECT 1; /* and */ DROP TABLE t'],
  ['DROP', () => 'DROP TABLE t'],
  ['CREATE', () => 'CREATE TABLE u (a Int8) ENGINE = Memory'],
  ['ALTER', () => 'ALTER TABLE t DELETE WHERE 1'],
  ['OPTIMIZE', () => 'OPTIMIZE TABLE t'],
  ['KILL', () => 'KILL QUERY WHERE 1'],
  ['SYSTEM', () => 'SYSTEM FLUSH LOGS'],
  ['BACKUP', ({ folder }) => `BACKUP TABLE t TO File('${folder}/b')`],
  ['readonly lifted', () => 'SET readonly = 0, max_memory_usage = 0, allow_ddl = 1'],
  ['a setting that names a file', () => `SELECT 1 SETTINGS output_format_schema = '/tmp/x'`],
  ['a setting in a subquery', () => 'SELECT * FROM (SELECT 1 SETTINGS allow_ddl = 1)'],
  ['typographic quotes', () => 'SELECT ‘a’'],
  ['a heredoc', () => 'SELECT $x$ a $x$'],
  ['an open string', () => "SELECT 'a"],
  ['an open comment', () => 'SELECT 1 /* a'],
  ['nothing', () => '  -- nothing'],
  ['other people’s queries', () => 'SELECT query FROM system.processes'],
  ['SHOW PROCESSLIST', () => 'SHOW PROCESSLIST'],
];
