import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { fail, ok, type LocalText, type Result } from '#libs/kernel';
import {
  askHome,
  endProcess,
  livingChildren,
  openHomeStamp,
  takeHome,
  waitUntil,
  type HomeAnswer,
} from '#libs/embedded';
import type { Log } from './log.js';

/** What became of the wish to run on a home. */
export type Claim =
  | { readonly kind: 'ours'; readonly homeId: string }
  | { readonly kind: 'running'; readonly answer: HomeAnswer };

/** How long a supervisor that has just started may take until it answers. */
const ANSWERS_WITHIN_MS = 5_000;

const locked = (homeDir: string): LocalText => ({
  fr: `Un autre processus tient ${homeDir} et ne répond pas. Attendez qu'il finisse, ou arrêtez-le.`,
  en: `Another process holds ${homeDir} and does not answer. Wait until it ends, or stop it.`,
});

/**
 * Takes a home for this process, or finds who runs on it: a supervisor that answers with the home's
 * id. Refuses a home of another version.
 */
export async function claimHome(homeDir: string): Promise<Result<Claim, LocalText>> {
  if (!existsSync(homeDir)) {
    mkdirSync(homeDir, { recursive: true });
    chmodSync(homeDir, 0o700);
  }
  const stamp = openHomeStamp(homeDir);
  if (!stamp.ok) return stamp;
  const homeId = stamp.value.id;
  let claim: Claim | undefined;
  await waitUntil(
    async () => {
      const answer = await askHome(homeDir);
      if (answer?.homeId === homeId) claim = { kind: 'running', answer };
      else if (takeHome(homeDir)) claim = { kind: 'ours', homeId };
      return claim !== undefined;
    },
    ANSWERS_WITHIN_MS,
    100,
  );
  return claim === undefined ? fail(locked(homeDir)) : ok(claim);
}

/**
 * Ends what a killed supervisor left running: those of its children whose pid and start time both
 * match. PostgreSQL is left: its launcher takes it over.
 */
export async function endOrphans(homeDir: string, log: Log): Promise<void> {
  const orphans = livingChildren(homeDir).filter(({ role }) => role !== 'postgres');
  if (orphans.length > 0) {
    log.info('supervisor', {
      fr: `Fin de ce qu'un arrêt brutal a laissé : ${orphans.map(({ role }) => role).join(', ')}.`,
      en: `Ending what a hard stop left running: ${orphans.map(({ role }) => role).join(', ')}.`,
    });
  }
  await Promise.all(
    orphans.map((orphan) =>
      endProcess(orphan, [
        { signal: 'SIGTERM', waitMs: 6_000 },
        { signal: 'SIGKILL', waitMs: 2_000 },
      ]),
    ),
  );
}
