import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { FileImport, MappingError, type ImportSummary } from '#libs/application';
import { checkFile as checkShape, type MappingConfig } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { EXIT, misuse, problem } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { reportImport } from '../import-report.js';
import { EngineImportSink } from '../import-sink.js';
import { printProblems, problemCount } from '../problems.js';
import { Progress } from '../progress.js';
import { RefusedFile } from '../refused-file.js';
import { checkFile, fileHash, openRows } from '../row-source.js';
import { settings } from '../settings.js';

const KINDS = ['orders', 'profiles', 'accounts', 'events'] as const;
type Kind = (typeof KINDS)[number];

/** Events made before they are sent off: one may be of 256 KB. */
const EVENTS_AT_ONCE = 100;

/** Reads and checks the mapping; null where it has problems, which are printed. */
async function readMapping(path: string, run: Run): Promise<MappingConfig | null> {
  checkFile(path);
  const checked = checkShape('mapping', path, await readFile(path, 'utf8'));
  if (checked.ok) return checked.value.value;
  printProblems(checked.error, run);
  run.terminal.say(problemCount(checked.error, run.locale));
  run.terminal.json({ problems: checked.error });
  return null;
}

/** A mapping that cannot give what is asked for would import nothing, silently. */
function checkKind(kind: Kind, mapping: MappingConfig): void {
  const needsEvent = kind === 'orders' || kind === 'events';
  if (needsEvent && mapping.event === undefined) {
    throw problem(
      `La correspondance « ${mapping.mapping} » ne fait pas d’évènement.`,
      `The mapping "${mapping.mapping}" makes no event.`,
      {
        fr: `Ajoutez « event », ou importez par « relance import profiles ».`,
        en: `Add "event", or import with "relance import profiles".`,
      },
    );
  }
  if (kind === 'accounts' && mapping.account === undefined) {
    throw problem(
      `La correspondance « ${mapping.mapping} » ne nomme pas de compte.`,
      `The mapping "${mapping.mapping}" names no account.`,
      { fr: 'Ajoutez « account ».', en: 'Add "account".' },
    );
  }
}

interface Job {
  readonly engine: EngineClient;
  readonly file: string;
  readonly mapping: MappingConfig;
  readonly id: string;
  /** Events taken by an earlier, broken run. */
  readonly skip: number;
  readonly timezone: string;
}

async function runJob(job: Job, run: Run): Promise<ImportSummary> {
  const { terminal, locale } = run;
  const { file, mapping } = job;
  const source = openRows(file, mapping.from);
  const sink = new EngineImportSink(job.engine, job);
  const refusedPath = textOption(run, 'refused');
  const refused = refusedPath === undefined ? undefined : RefusedFile.create(refusedPath);
  const progress = new Progress(terminal.streams, locale === 'fr' ? 'lignes' : 'rows', locale);
  try {
    const importing = new FileImport(
      mapping,
      { sink, calendar: new LuxonCalendar(), clock: { nowMs: Date.now } },
      {
        timezone: job.timezone,
        batchSize: EVENTS_AT_ONCE,
        onRefused: (row) => refused?.add(row),
        onProgress: ({ rows }) =>
          progress.at({ done: rows, share: source.readBytes() / Math.max(1, source.bytes) }),
      },
    );
    const summary = await importing.run(source.rows);
    await (summary.broken === null ? sink.finish() : sink.pause());
    return summary;
  } finally {
    progress.end();
    refused?.close();
  }
}

/** Names one import: the same file by the same mapping is the same, whatever it is called. */
async function jobKey(file: string, mapping: MappingConfig): Promise<string> {
  const content = await fileHash(file);
  return createHash('sha256')
    .update(`${JSON.stringify(mapping)}\u0000${content}`)
    .digest('hex')
    .slice(0, 40);
}

function sayDone(job: { accepted: number }, locale: Locale): string {
  return locale === 'fr'
    ? `Ce fichier est déjà importé (${job.accepted} évènements) : rien à faire. --again le renvoie.`
    : `This file is imported already (${job.accepted} events): nothing to do. --again sends it again.`;
}

/** Imports a file, streaming. */
export const importFile: Command = {
  usage: `${KINDS.join('|')} FILE --mapping FILE`,
  about: {
    fr: 'Importe un fichier CSV ou JSONL, simple ou gzip. Reprend là où il fut coupé ; le même fichier une seconde fois ne change rien. Sort avec 1 si des lignes sont refusées ; les autres sont importées.',
    en: 'Imports a CSV or JSONL file, plain or gzip. Goes on where it was cut off; the same file again changes nothing. Exits with 1 where rows were refused; the others are imported.',
  },
  example: 'relance import orders sales.csv.gz --mapping scenarios/mappings/online-retail.yaml',
  words: [2, 2],
  options: {
    mapping: {
      type: 'string',
      value: 'FILE',
      meaning: { fr: 'correspondance des colonnes', en: 'what the columns mean' },
    },
    again: {
      type: 'boolean',
      meaning: { fr: 'renvoie tout ; sans risque', en: 'sends all again; harmless' },
    },
    refused: {
      type: 'string',
      value: 'FILE',
      meaning: {
        fr: 'fichier CSV nouveau pour chaque ligne refusée : ligne, motif, détail',
        en: 'new CSV file for every refused row: line, reason, detail',
      },
    },
  },
  async run(run) {
    const { args, terminal, locale, options } = run;
    const [kind = '', file = ''] = args;
    if (!KINDS.includes(kind as Kind)) {
      throw misuse(
        `On importe ${KINDS.join(', ')}, pas « ${kind} ».`,
        `One imports ${KINDS.join(', ')}, not "${kind}".`,
      );
    }
    const mappingPath = textOption(run, 'mapping');
    if (mappingPath === undefined)
      throw misuse('Il faut --mapping FICHIER.', 'It takes --mapping FILE.');
    checkFile(file);
    const mapping = await readMapping(mappingPath, run);
    if (mapping === null) return EXIT.problems;
    checkKind(kind as Kind, mapping);
    const engine = EngineClient.open(settings(), locale);
    const key = await jobKey(file, mapping);
    const job = await engine.call('startImport', {
      body: { key, kind: kind as Kind, file: basename(file) },
    });
    const isAgain = options['again'] === true;
    if (job.state === 'done' && !isAgain) {
      terminal.say(sayDone(job, locale));
      terminal.json({ job: job.id, isNew: false, events: job.accepted });
      return EXIT.done;
    }
    const skip = isAgain ? 0 : Number(job.cursor === '' ? '0' : job.cursor);
    if (skip > 0) {
      terminal.say({
        fr: `Reprise après ${skip} évènements.`,
        en: `Going on after ${skip} events.`,
      });
    }
    const { workspace } = await engine.call('me');
    try {
      const summary = await runJob(
        { engine, file, mapping, id: job.id, skip, timezone: workspace.timezone },
        run,
      );
      return reportImport(job.id, summary, run);
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      throw problem(
        `La correspondance ne peut être lue : ${error.message}`,
        `The mapping cannot be read: ${error.message}`,
        { fr: 'Vérifiez-la par « relance lint ».', en: 'Check it with "relance lint".' },
      );
    }
  },
};
