import { runQuietly, runShown } from './lib/run.mjs';
import { inRoot } from './lib/places.mjs';
import { main, SetUpError } from './lib/say.mjs';
import { setUp } from './setup.mjs';

async function compile() {
  const tsc = ['node_modules/typescript/bin/tsc', '-b', 'tests/crash'];
  const { code, output } = await runQuietly(process.execPath, tsc);
  if (code !== 0) {
    throw new SetUpError(
      { fr: "L'essai des pannes ne se construit pas.", en: 'The crash test does not build.' },
      output,
    );
  }
}

await main(async () => {
  if (!(await setUp())) return;
  await compile();
  const program = inRoot('dist', 'tests', 'crash', 'main.js');
  process.exitCode = await runShown(process.execPath, [program, ...process.argv.slice(2)]);
});
