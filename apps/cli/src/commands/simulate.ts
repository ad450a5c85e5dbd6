import type { CompiledWorkspace, PublishedWorkspace, RecordedEvents } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import { readRunFile } from '#libs/config';
import type { DecisionWay, ReplayReport, ReplayVersion } from '#libs/runtime-simulated';
import { CliError, EXIT, misuse, problem, type ExitCode } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { printProblems, problemCount } from '../problems.js';
import { Progress } from '../progress.js';
import { settings } from '../settings.js';
import { printReplay } from '../replay-report.js';
import { readWorkspace } from '../workspace-folder.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const WAYS = ['live', 'logged', 'random', 'stub'] as const;

/** A version and what it is called in the report. */
interface Named extends ReplayVersion {
  readonly title: string;
}

/** Plays recorded events through a scenario; reads the store of a running engine, writes nothing. */
export const simulate: Command = {
  usage: 'SCENARIO [FOLDER]',
  about: {
    fr: 'Rejoue les évènements enregistrés dans le scénario tel que le dossier l’écrit, à côté de la version en vigueur : qui entrerait, où chacun irait, ce qui partirait, ce que cela coûterait. N’écrit rien et n’envoie rien.',
    en: 'Plays recorded events through the scenario as the folder has it, beside the version in force: who would enter, where they would go, what would be sent, what it would cost. Writes nothing and sends nothing.',
  },
  example: 'relance simulate abandoned-cart --from 2026-03-01 --to 2026-04-01',
  words: [1, 2],
  options: {
    from: {
      type: 'string',
      value: 'DATE',
      meaning: {
        fr: 'début, en UTC ; par défaut 30 jours avant la fin',
        en: 'start, in UTC; 30 days before the end by default',
      },
    },
    to: {
      type: 'string',
      value: 'DATE',
      meaning: {
        fr: 'fin ; par défaut le dernier évènement',
        en: 'end; the last event by default',
      },
    },
    against: {
      type: 'string',
      value: 'VERSION',
      meaning: {
        fr: 'début de l’empreinte d’une version publiée, en place de celle en vigueur',
        en: 'first letters of the hash of a published version, in place of the one in force',
      },
    },
    decisions: {
      type: 'string',
      value: WAYS.join('|'),
      meaning: {
        fr: 'comme le moteur (live), comme alors (logged), au hasard, ou le repli (stub)',
        en: 'as the engine would (live), as then (logged), at random, or the fallback (stub)',
      },
    },
  },
  async run(run) {
    const { Database } = await import('#libs/adapter-postgres');
    const url = readOnly(storeUrl());
    const database = new Database({ url, maxConnections: 2, applicationName: 'relance simulate' });
    try {
      return await simulateIn(database, run);
    } finally {
      await database.close();
    }
  },
};

/** Address of the store of the engine that runs on the home. */
function storeUrl(): string {
  const config = settings();
  const url = config.postgres?.url ?? readRunFile(config.homeDir)?.postgres?.url;
  if (url !== undefined) return url;
  throw new CliError(
    EXIT.unreachable,
    {
      fr: `Relance ne tourne pas dans ${config.homeDir}.`,
      en: `Relance does not run in ${config.homeDir}.`,
    },
    {
      fr: 'Démarrez-le par « relance up », ou donnez un autre dossier par RELANCE_HOME.',
      en: `Start it with "relance up", or name another folder by RELANCE_HOME.`,
    },
  );
}

/** A mistake of ours could then not write either. */
function readOnly(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', '-c default_transaction_read_only=on');
  return address.href;
}

async function simulateIn(database: Database, run: Run): Promise<ExitCode> {
  const { terminal, locale } = run;
  const scenario = run.args[0] ?? '';
  const folder = run.args[1] ?? settings().workspaceDir;
  const { files, problems: found } = await readWorkspace(folder);
  const { lintWorkspace } = await import('#libs/application');
  const { workspace, problems } = lintWorkspace(files, found);
  if (workspace === undefined) {
    printProblems(problems, run);
    terminal.say(`${folder}: ${problemCount(problems, locale)}`);
    terminal.json({ folder, problems });
    return EXIT.problems;
  }
  const adapters = await import('#libs/adapter-postgres');
  const published = await new adapters.PostgresPublishedWorkspaces(database).current();
  const versions = versionsOf({ scenario, workspace, published, folder }, run);
  const recorded = new adapters.PostgresRecordedEvents(database);
  const { fromMs, toMs, all } = await windowOf(recorded, run);
  const model = await database.transaction((tx) => new adapters.PostgresDecisionStore().model(tx));
  const { LuxonCalendar } = await import('#libs/adapter-calendar');
  const { normalisePhone } = await import('#libs/channel-sms');
  const { replay } = await import('#libs/runtime-simulated');
  const progress = new Progress(terminal.streams, EVENTS[locale], locale);
  const report: ReplayReport = await replay({
    versions,
    calendar: new LuxonCalendar(),
    normalisePhone,
    model,
    decisions: await wayOf(recorded, scenario, run),
    events: recorded.pages(toMs),
    fromMs,
    toMs,
    onProgress: ({ events }) => progress.at({ done: events, share: events / all }),
  });
  progress.end();
  const titles = versions.map(({ title }) => title);
  printReplay(report, { run, scenario, titles, currency: workspace.relance.currency });
  const told = report.versions.map((figures, index) => ({ version: titles[index], ...figures }));
  terminal.json({ scenario, folder, fromMs, toMs, ...report, versions: told });
  return EXIT.done;
}

const EVENTS = { fr: 'évènements', en: 'events' } as const;

/** The folder's version, and what it is compared with where that is another. */
function versionsOf(
  given: {
    readonly scenario: string;
    readonly folder: string;
    readonly workspace: CompiledWorkspace;
    readonly published: PublishedWorkspace | null;
  },
  run: Run,
): readonly Named[] {
  const { scenario, folder, workspace, published } = given;
  const own = workspace.definitions.find((definition) => definition.scenario === scenario);
  if (own === undefined) {
    const known = workspace.definitions.map((definition) => definition.scenario).join(', ');
    throw misuse(
      `Le scénario « ${scenario} » n’existe pas dans ${folder}.`,
      `There is no scenario "${scenario}" in ${folder}.`,
      { fr: `Il y a : ${known}.`, en: `There is: ${known}.` },
    );
  }
  const named = { title: shortHash(own.hash), workspace, scenario };
  const against = textOption(run, 'against');
  const all = published?.definitions.filter((definition) => definition.scenario === scenario) ?? [];
  const inForce = published?.scenarios.find((one) => one.scenario === scenario)?.definition;
  const other = all.find(({ hash }) => hash.startsWith(against ?? inForce ?? '-'));
  if (against !== undefined && other === undefined) {
    const known = all.map(({ hash }) => shortHash(hash)).join(', ') || '—';
    throw misuse(
      `Aucune version publiée de « ${scenario} » ne commence par ${against}.`,
      `No published version of "${scenario}" begins with ${against}.`,
      { fr: `Il y a : ${known}.`, en: `There is: ${known}.` },
    );
  }
  const isSame = other?.hash === own.hash && published?.compiled.hash === workspace.hash;
  if (other === undefined || published === null || isSame) return [named];
  const others = published.compiled.definitions.filter((one) => one.scenario !== scenario);
  const compiled = { ...published.compiled, definitions: [...others, other] };
  return [{ title: shortHash(other.hash), workspace: compiled, scenario }, named];
}

const shortHash = (hash: string): string => hash.slice(0, 8);

/** What of the past is played, and how many events there are in all. */
async function windowOf(
  recorded: RecordedEvents,
  run: Run,
): Promise<{ readonly fromMs: number; readonly toMs: number; readonly all: number }> {
  const span = await recorded.span();
  if (span === null) {
    throw problem('Aucun évènement n’est enregistré.', 'No event is recorded.', {
      fr: 'Importez un fichier ou attendez les premiers évènements.',
      en: 'Import a file, or wait for the first events.',
    });
  }
  const toMs = instantOption(run, 'to') ?? span.lastMs;
  const fromMs = instantOption(run, 'from') ?? toMs - DEFAULT_DAYS * DAY_MS;
  if (fromMs >= toMs) {
    throw misuse('--from doit être avant --to.', '--from must lie before --to.');
  }
  return { fromMs, toMs, all: span.events };
}

function instantOption(run: Run, name: 'from' | 'to'): number | undefined {
  const text = textOption(run, name);
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw misuse(
    `--${name} attend une date comme 2026-03-01 ou 2026-03-01T08:00:00Z, pas « ${text} ».`,
    `--${name} takes a date like 2026-03-01 or 2026-03-01T08:00:00Z, not "${text}".`,
  );
}

async function wayOf(recorded: RecordedEvents, scenario: string, run: Run): Promise<DecisionWay> {
  const wish = textOption(run, 'decisions') ?? 'live';
  const { FALLBACK, LIVE, loggedWay, RANDOM } = await import('#libs/runtime-simulated');
  switch (wish) {
    case 'live':
      return LIVE;
    case 'random':
      return RANDOM;
    case 'stub':
      return FALLBACK;
    case 'logged':
      return loggedWay(await recorded.decisions(scenario));
    default:
      throw misuse(
        `--decisions est ${WAYS.join(', ')}, pas « ${wish} ».`,
        `--decisions is ${WAYS.join(', ')}, not "${wish}".`,
      );
  }
}
