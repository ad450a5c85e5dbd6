import { ruleProblem } from '#libs/adapter-calendar';
import { lintWhole, readWorkspaceFolder } from '#libs/application';
import {
  PostgresPublishedWorkspaces,
  PostgresWorkspaceStore,
  type Database,
} from '#libs/adapter-postgres';
import { emailTemplateProblems } from '#libs/channel-email';
import { localised, type EpochMs, type Locale } from '#libs/kernel';

/** Publishes the workspace's folder where nothing was published yet: the first start of a home. */
export async function publishFolder(
  database: Database,
  given: {
    readonly folder: string;
    readonly nowMs: EpochMs;
    /** Of what is told. */
    readonly locale: Locale;
    /** This home lives with the sample: what is published is marked as the sample's. */
    readonly isSample: boolean;
    readonly failed: (problem: string) => void;
  },
): Promise<void> {
  if ((await new PostgresPublishedWorkspaces(database).current()) !== null) return;
  const { files, problems } = await readWorkspaceFolder(given.folder);
  const linted = await lintWhole(files, emailTemplateProblems, problems, ruleProblem);
  if (linted.workspace === undefined) {
    for (const problem of linted.problems
      .filter((each) => each.severity === 'error')
      .slice(0, 20)) {
      const { place } = problem;
      const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column} `;
      given.failed(`${where}${problem.code} ${localised(problem.message, given.locale)}`);
    }
    return;
  }
  const compiled = linted.workspace;
  const store = new PostgresWorkspaceStore();
  await database.transaction((tx) =>
    store.apply(tx, {
      files,
      compiled,
      author: 'relance',
      nowMs: given.nowMs,
      isSample: given.isSample,
    }),
  );
}
