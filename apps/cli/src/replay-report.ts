import type { Counts, ReplayFigures, ReplayReport } from '#libs/runtime-simulated';
import type { Run } from './command.js';

interface Printing {
  readonly run: Run;
  readonly scenario: string;
  /** Of each version: the one in force first where there are two. */
  readonly titles: readonly string[];
  readonly currency: string;
}

const WORDS = {
  fr: {
    head: (events: number, profiles: number) => `${events} évènements, ${profiles} profils`,
    version: 'version',
    change: 'écart',
    people: 'personnes entrées',
    entered: 'entrées',
    notEntered: 'refus d’entrée',
    steps: 'Étapes',
    begun: 'commencée',
    decided: 'Décisions',
    sent: 'messages',
    putOff: 'remis à une heure permise',
    withheld: 'retenus',
    capped: 'retenus par un plafond (candidats compris)',
    tasks: 'tâches',
    goals: 'objectifs atteints',
    goalValue: 'valeur des objectifs',
    cost: 'coût des messages',
    ended: 'fins',
    hours: 'Messages par heure du jour',
  },
  en: {
    head: (events: number, profiles: number) => `${events} events, ${profiles} profiles`,
    version: 'version',
    change: 'change',
    people: 'people entered',
    entered: 'entered',
    notEntered: 'not entered',
    steps: 'Steps',
    begun: 'begun',
    decided: 'Decisions',
    sent: 'messages',
    putOff: 'put off to a permitted hour',
    withheld: 'withheld',
    capped: 'kept back by a cap (candidates included)',
    tasks: 'tasks',
    goals: 'goals reached',
    goalValue: 'worth of the goals',
    cost: 'cost of the messages',
    ended: 'ended',
    hours: 'Messages by hour of the day',
  },
} as const;

type Row = readonly [label: string, values: readonly number[]];

/** The figures of each version side by side, and how the last differs from the first. */
export function printReplay(report: ReplayReport, printing: Printing): void {
  const { run, titles, currency, scenario } = printing;
  const { terminal, locale } = run;
  const words = WORDS[locale];
  const { versions } = report;
  terminal.print(`${scenario}: ${words.head(report.events, report.profiles)}`);
  const hasChange = versions.length > 1;
  const table = (title: string, rows: readonly Row[]): void => {
    if (rows.length === 0) return;
    terminal.print('');
    const head = [title, ...titles, ...(hasChange ? [words.change] : [])];
    const lines = rows.map(([label, values]) => [label, ...cellsOf(values, hasChange)]);
    terminal.table([head, ...lines]);
  };
  const one = (label: string, of: (figures: ReplayFigures) => number): Row => [
    label,
    versions.map(of),
  ];
  const many = (label: string, of: (figures: ReplayFigures) => Counts): readonly Row[] =>
    rowsOf(versions.map(of)).map(([name, values]) => [`${label}: ${name}`, values] as const);
  table(words.version, [
    one(words.people, ({ people }) => people),
    ...many(words.entered, ({ entered }) => entered),
    ...many(words.notEntered, ({ notEntered }) => notEntered),
    ...many(words.sent, ({ sent }) => sent),
    one(words.putOff, ({ putOff }) => putOff),
    ...many(words.withheld, ({ withheld }) => withheld),
    one(words.capped, ({ capped }) => capped),
    one(words.tasks, ({ tasks }) => tasks),
    one(words.goals, ({ goals }) => goals),
    one(`${words.goalValue} (${currency})`, ({ goalValue }) => goalValue),
    one(`${words.cost} (${currency})`, ({ cost }) => cost),
    ...many(words.ended, ({ ended }) => ended),
  ]);
  table(words.steps, rowsOf(versions.map((figures) => stepCounts(figures, words.begun))));
  table(words.decided, rowsOf(versions.map(({ decided }) => decided)));
  table(words.hours, rowsOf(versions.map(hourCounts)));
}

function cellsOf(values: readonly number[], hasChange: boolean): readonly string[] {
  const change = (values.at(-1) ?? 0) - (values[0] ?? 0);
  const rounded = Math.round(change * 10_000) / 10_000;
  return [...values.map(String), ...(hasChange ? [`${rounded > 0 ? '+' : ''}${rounded}`] : [])];
}

/** Every name that any of them has, each with its count in each. */
function rowsOf(counts: readonly Counts[]): readonly Row[] {
  const names = new Set(counts.flatMap((each) => Object.keys(each)));
  return [...names].map((name) => [name, counts.map((each) => each[name] ?? 0)] as const);
}

function stepCounts({ steps }: ReplayFigures, begun: string): Counts {
  return Object.fromEntries(
    steps.flatMap(({ stepId, entered, left }) => [
      [`${stepId}: ${begun}`, entered] as const,
      ...Object.entries(left).map(([way, count]) => [`${stepId}: ${way}`, count] as const),
    ]),
  );
}

/** Days added up: the curve of a day by channel. */
function hourCounts({ sends }: ReplayFigures): Counts {
  const counts = new Map<string, number>();
  for (const { hour, channel, messages } of sends) {
    const key = `${hour.slice(-2)} h, ${channel}`;
    counts.set(key, (counts.get(key) ?? 0) + messages);
  }
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}
