const said = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
const locale = said.toLowerCase().startsWith('fr') ? 'fr' : 'en';

/** The text in the language of the person at the terminal. */
export const tell = (text) => text[locale];

/** A line for people; on stderr, so that programs read stdout undisturbed. */
export function say(text) {
  process.stderr.write(`${tell(text)}\n`);
}

/** Says what is being done, does it, and says how long it took. */
export async function doing(text, work) {
  const startMs = performance.now();
  process.stderr.write(`· ${tell(text)}…\n`);
  const result = await work();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stderr.write(`  ${tell({ fr: `fait en ${seconds} s`, en: `done in ${seconds} s` })}\n`);
  return result;
}

/** Something a person must mend: said without a stack trace. */
export class SetUpError extends Error {
  constructor(text, detail = '') {
    super(detail === '' ? tell(text) : `${tell(text)}\n${detail}`);
    this.name = 'SetUpError';
  }
}

/** Runs a script's main part; a `SetUpError` becomes a message and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
