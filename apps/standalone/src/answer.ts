import type { RunFile } from '#libs/config';
import type { Login } from '#libs/embedded';

/** What a start came to, for programs. Keys and passwords are in run.json, for its owner alone. */
export type StartAnswer =
  | {
      /** False: it ran already, or is starting. */
      readonly isNew: boolean;
      /** Null while the other one is starting. */
      readonly url: string | null;
      readonly pid: number;
      readonly home: string;
      readonly engines?: RunFile['engines'];
      /** A link signs in once; by role. */
      readonly signIn?: Readonly<Record<string, string>>;
    }
  | { readonly error: StartFailure };

/** Why it did not start. */
export interface StartFailure {
  /** `RLN-0101`, where what is wrong has one. */
  readonly code?: string;
  readonly message: string;
  readonly exitCode: number;
}

/** Writes the first answer it is given: stdout holds one document, what follows is for the log. */
export function firstAnswer(out: (text: string) => void): (answer: StartAnswer) => void {
  let isGiven = false;
  return (answer) => {
    if (!isGiven) out(`${JSON.stringify(answer, null, 2)}\n`);
    isGiven = true;
  };
}

/** The answer of one that is ready. */
export function readyAnswer(homeDir: string, run: RunFile, logins: readonly Login[]): StartAnswer {
  const links = logins.flatMap(({ role, link }) =>
    link === undefined ? [] : [[role, link] as const],
  );
  return {
    isNew: true,
    url: run.url,
    pid: run.pid,
    home: homeDir,
    engines: run.engines,
    signIn: Object.fromEntries(links),
  };
}

/** The answer where another one has the home. */
export function runningAnswer(homeDir: string, other: { pid: number; url?: string }): StartAnswer {
  const { pid, url = null } = other;
  return { isNew: false, url, pid, home: homeDir };
}
