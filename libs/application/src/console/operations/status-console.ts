import type { ApiResponse } from '#libs/contracts';
import type { EpochMs, Locale } from '#libs/kernel';
import { counted, say, spanText, type Bilingual } from '../words/text.js';
import { EVERYTHING } from '../../runtime/holds.js';
import type { HoldStore } from '../operate/holds.js';
import type { ConsoleGround } from '../workspace-source.js';
import { letterReason } from './operations-console.js';
import type { OperationsReader, QueueRow } from './ports.js';

/** The state of the installation, as the API gives it. */
export type StatusView = ApiResponse<'status'>;

/** One engine as its probe found it. */
export type EngineState = Omit<StatusView['engines'][number], 'why'> & {
  readonly why: Bilingual | null;
};

/** What the page of state reads. */
export interface StatusConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: OperationsReader;
  readonly holds: Pick<HoldStore, 'current'>;
  readonly speed: () => number;
  readonly isAccelerated: () => boolean;
  readonly wallMs: () => EpochMs;
  readonly version: string;
  /** Asks every engine; bounded in time, never throws. */
  readonly probe: () => Promise<readonly EngineState[]>;
  readonly disk: () => Promise<{
    readonly freeBytes: number | null;
    readonly totalBytes: number | null;
  }>;
}

const MOST_JOBS = 20;
const LATE_MS = 60_000;
const LOW_DISK_BYTES = 1_000_000_000;

const QUEUES: Readonly<Record<QueueRow['name'], Bilingual>> = {
  facts: { fr: 'Faits à publier', en: 'Facts to publish' },
  changes: { fr: 'Changements de profils à publier', en: 'Profile changes to publish' },
  inbox: { fr: 'Réponses à appliquer', en: 'Answers to apply' },
  timers: { fr: 'Attentes échues', en: 'Waits that are due' },
  deliveries: { fr: 'Messages à envoyer', en: 'Messages to send' },
  jobs: { fr: 'Travaux en cours', en: 'Jobs under way' },
};

/** Whether everything is well, and what is not. */
export class StatusConsole {
  constructor(private readonly ports: StatusConsolePorts) {}

  async status(locale: Locale): Promise<StatusView> {
    const { ground, reader, wallMs, speed, version } = this.ports;
    const nowMs = ground.clock.nowMs();
    const [engines, lag, queues, uncertain, causes, jobs, store, disk, holds] = await Promise.all([
      this.ports.probe(),
      reader.lag(),
      reader.queues(nowMs),
      reader.uncertain(),
      reader.causes('open'),
      reader.jobs(MOST_JOBS),
      reader.store(),
      this.ports.disk(),
      this.ports.holds.current(),
    ]);
    const view: Omit<StatusView, 'sentences' | 'isHealthy'> = {
      version,
      engines: engines.map(({ why, ...engine }) => ({ ...engine, why: why?.[locale] ?? null })),
      clock: {
        nowMs,
        wallMs: wallMs(),
        speed: speed(),
        isResting: this.ports.isAccelerated() && speed() === 0,
      },
      lag: [...lag],
      queues: queues.map((queue) => ({
        name: queue.name,
        label: QUEUES[queue.name][locale],
        waiting: queue.waiting,
        oldestAgeMs: queue.oldestMs === null ? null : Math.max(0, nowMs - queue.oldestMs),
      })),
      uncertain: { count: uncertain.count, oldestAtMs: uncertain.oldestAtMs },
      deadLetters: causes.map(({ code, count }) => ({
        code,
        reason: letterReason(code, locale),
        count,
      })),
      jobs: [...jobs],
      disk: { ...disk, storeBytes: store.bytes },
    };
    const all = holds.find(({ scope }) => scope === EVERYTHING);
    const sentences = sentencesOf(view, all === undefined ? null : nowMs - all.sinceMs, locale);
    return { isHealthy: sentences.length === 0, sentences, ...view };
  }
}

function sentencesOf(
  view: Omit<StatusView, 'sentences' | 'isHealthy'>,
  pausedForMs: number | null,
  locale: Locale,
): string[] {
  const sentences: string[] = [];
  if (pausedForMs !== null) {
    const since = spanText(pausedForMs, locale);
    sentences.push(
      say(
        locale,
        `Tout est suspendu depuis ${since} : rien ne part.`,
        `Everything is paused for ${since}: nothing leaves.`,
      ),
    );
  }
  for (const { name, isUp, why } of view.engines) {
    if (isUp) continue;
    const text = say(locale, `${name} ne répond pas`, `${name} does not answer`);
    sentences.push(why === null ? `${text}.` : `${text} (${why}).`);
  }
  // On a clock that runs fast, a minute of it is a moment of the wall.
  const lateMs = LATE_MS * Math.max(1, view.clock.speed);
  for (const { name, label, waiting, oldestAgeMs } of view.queues) {
    // Held on purpose: no queue to look into.
    if (name === 'deliveries' && pausedForMs !== null) continue;
    if (waiting === 0 || oldestAgeMs === null || oldestAgeMs < lateMs) continue;
    const age = spanText(oldestAgeMs, locale);
    sentences.push(
      say(locale, `${label} : ${waiting}, depuis ${age}.`, `${label}: ${waiting}, for ${age}.`),
    );
  }
  if (view.uncertain.count > 0) {
    const what = counted(view.uncertain.count, locale, MESSAGES);
    sentences.push(
      say(
        locale,
        `${what} sans réponse certaine du prestataire ; jamais renvoyés d’office.`,
        `${what} without a certain answer of the provider; never sent again by itself.`,
      ),
    );
  }
  const letters = view.deadLetters.reduce((sum, { count }) => sum + count, 0);
  if (letters > 0) {
    const what = counted(letters, locale, LETTERS);
    sentences.push(say(locale, `${what} à traiter.`, `${what} to deal with.`));
  }
  if (view.disk.freeBytes !== null && view.disk.freeBytes < LOW_DISK_BYTES) {
    const left = Math.round(view.disk.freeBytes / 1_000_000);
    sentences.push(
      say(
        locale,
        `Disque presque plein : ${left} Mo libres.`,
        `Disk nearly full: ${left} MB free.`,
      ),
    );
  }
  return sentences;
}

const MESSAGES = { fr: ['message', 'messages'], en: ['message', 'messages'] } as const;
const LETTERS = {
  fr: ['lettre morte', 'lettres mortes'],
  en: ['dead letter', 'dead letters'],
} as const;
