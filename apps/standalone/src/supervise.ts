import { removeRunFile, writeRunFile, type Config, type Secrets } from '#libs/config';
import {
  childrenFile,
  EngineError,
  keep,
  openHome,
  releaseHome,
  type HomeSocket,
  type Keeper,
  type KeeperEvents,
  type Kept,
  type NodeChild,
} from '#libs/embedded';
import type { LocalText } from '#libs/kernel';
import { announce, runFileOf } from './announce.js';
import { readyAnswer, runningAnswer, type StartAnswer } from './answer.js';
import { claimHome, endOrphans } from './home.js';
import type { Log } from './log.js';
import {
  clickhousePart,
  postgresPart,
  programPart,
  type EngineUrls,
  type PartContext,
  type Programs,
} from './parts.js';
import { choosePorts } from './ports.js';
import type { StopWish } from './stop-signals.js';

/** What a supervisor needs. */
export interface SuperviseOptions {
  readonly config: Config;
  /** Read once the home is ours. */
  readonly loadSecrets: (homeDir: string) => Secrets;
  readonly programs: Programs;
  readonly log: Log;
  readonly stop: StopWish;
  /** Told once it is ready, or that another one has the home. */
  readonly answer: (answer: StartAnswer) => void;
}

/** Those that use a part stop before it does. */
const STOP_ORDER = ['api', 'worker', 'clickhouse', 'postgres'];

/** Time each part has to stop; what is left of 10 s is PostgreSQL's, for its checkpoint. */
const STOP_MS: Readonly<Record<string, number>> = { api: 2_000, worker: 3_000, clickhouse: 2_500 };
const STOP_ALL_MS = 9_500;
const STOP_LEAST_MS = 1_500;

/** The parts that run, by role. */
interface Running {
  /** True once they are being stopped: no further one may start. */
  stopping: boolean;
  readonly keepers: Map<string, Keeper<Kept>>;
}

function keeperEvents(homeDir: string, log: Log): KeeperEvents {
  const children = childrenFile(homeDir);
  return {
    started: (role, identity) => children.record(role, identity),
    ended: (role) => children.forget(role),
    restarting: (role, reason, waitMs) =>
      log.error('supervisor', {
        fr: `${role} s'est arrêté (${reason}) ; nouveau départ dans ${waitMs / 1000} s.`,
        en: `${role} ended (${reason}); starting again in ${waitMs / 1000} s.`,
      }),
  };
}

async function stopAll(running: Running): Promise<void> {
  running.stopping = true;
  const endMs = performance.now() + STOP_ALL_MS;
  for (const role of STOP_ORDER) {
    const leftMs = Math.max(STOP_LEAST_MS, endMs - performance.now());
    await running.keepers.get(role)?.stop(Math.min(STOP_MS[role] ?? leftMs, leftMs));
  }
}

/** Starts the parts in order; resolves with the api when all do their work. */
async function startAll(
  context: PartContext,
  running: Running,
  urls: EngineUrls,
): Promise<NodeChild> {
  const events = keeperEvents(context.config.homeDir, context.log);
  const run = <Process extends Kept>(
    part: Parameters<typeof keep<Process>>[0],
  ): Promise<Process> => {
    if (running.stopping) throw new Error('stopping');
    const keeper = keep(part, events);
    running.keepers.set(part.role, keeper);
    return keeper.ready;
  };
  const { clickhouse, postgres } = context.config;
  await Promise.all([
    postgres === undefined ? run(postgresPart(context, urls)) : undefined,
    clickhouse === undefined ? run(clickhousePart(context, urls)) : undefined,
  ]);
  const api = await run(programPart('api', context, urls));
  await run(programPart('worker', context, urls));
  return api;
}

const textOf = (error: unknown): LocalText => {
  if (error instanceof EngineError) return error.text;
  const message = error instanceof Error ? error.message : String(error);
  return { fr: `Le démarrage a échoué : ${message}.`, en: `The start failed: ${message}.` };
};

/** Runs on a home that is ours, until a stop is asked for. Answers with the exit code. */
async function runHome(options: SuperviseOptions, setUrl: (url: string) => void): Promise<number> {
  const { config, log, stop } = options;
  const { homeDir } = config;
  removeRunFile(homeDir);
  await endOrphans(homeDir, log);
  const ports = await choosePorts(config, (text) => log.say(text));
  if (!ports.ok) {
    log.error('supervisor', ports.error);
    return 1;
  }
  const secrets = options.loadSecrets(homeDir);
  const context = { ...options, secrets, ports: ports.value };
  const running: Running = { stopping: false, keepers: new Map() };
  stop.onHurry(() => running.keepers.forEach((keeper) => keeper.kill()));
  let exitCode = 0;
  const urls: EngineUrls = {};
  const started = startAll(context, running, urls).then(
    ({ ready }) => {
      const logins = ready.logins ?? [];
      const postgresUrl = urls.postgres;
      const readiness = { config, secrets, ports: ports.value, logins, postgresUrl };
      const content = runFileOf(readiness);
      writeRunFile(homeDir, content);
      setUrl(content.url);
      announce(readiness, content, log);
      options.answer(readyAnswer(homeDir, content, readiness.logins));
      return 'ready' as const;
    },
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([started, stop.asked]);
  if (first === 'ready') await stop.asked;
  else if (first !== undefined) {
    log.error('supervisor', textOf(first.error));
    exitCode = 1;
  }
  if (exitCode === 0) log.say({ fr: 'Arrêt de Relance…', en: 'Stopping Relance…' });
  await stopAll(running);
  removeRunFile(homeDir);
  if (exitCode === 0) log.say({ fr: 'Relance est arrêté.', en: 'Relance has stopped.' });
  return exitCode;
}

/**
 * Starts everything on the configured home and keeps it running until a stop is asked for. Where a
 * supervisor runs on that home already, says its address. Answers with the exit code.
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { homeDir } = options.config;
  const claim = await claimHome(homeDir);
  if (!claim.ok) {
    options.log.error('supervisor', claim.error);
    return 1;
  }
  if (claim.value.kind === 'running') {
    const { pid, url } = claim.value.answer;
    options.answer(runningAnswer(homeDir, claim.value.answer));
    options.log.say({
      fr:
        url === undefined
          ? `Relance démarre déjà (processus ${pid}).`
          : `Relance tourne déjà : ${url}`,
      en:
        url === undefined
          ? `Relance is starting already (process ${pid}).`
          : `Relance is running already: ${url}`,
    });
    return 0;
  }
  const { homeId } = claim.value;
  let url: string | undefined;
  let door: HomeSocket | undefined;
  try {
    door = await openHome(homeDir, () => ({
      homeId,
      pid: process.pid,
      ...(url === undefined ? {} : { url }),
    }));
    return await runHome(options, (ready) => (url = ready));
  } finally {
    door?.close();
    releaseHome(homeDir);
  }
}
