import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './lib/places.mjs';
import { runQuietly, runShown } from './lib/run.mjs';
import { main, say, SetUpError } from './lib/say.mjs';
import { setUp } from './setup.mjs';

const BENCH = /^([a-z][a-z0-9-]*)\.ts$/;

const names = () =>
  (existsSync(inRoot('bench')) ? readdirSync(inRoot('bench')) : [])
    .map((file) => BENCH.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();

async function compile() {
  const { code, output } = await runQuietly(process.execPath, [
    'node_modules/typescript/bin/tsc',
    '-b',
    'bench',
  ]);
  if (code !== 0) {
    throw new SetUpError(
      { fr: 'Les mesures ne se construisent pas.', en: 'The benchmarks do not build.' },
      output,
    );
  }
}

await main(async () => {
  if (!(await setUp())) return;
  const [name, ...args] = process.argv.slice(2);
  const known = names();
  if (name === undefined) {
    process.stdout.write(known.map((one) => `${one}\n`).join(''));
    return;
  }
  if (!known.includes(name)) {
    say({
      fr: `Mesure inconnue : ${name}. Il y a :`,
      en: `Unknown benchmark: ${name}. There are:`,
    });
    process.stderr.write(known.map((one) => `  ${one}\n`).join(''));
    process.exitCode = 2;
    return;
  }
  await compile();
  const program = inRoot('dist', 'bench', `${name}.js`);
  process.exitCode = await runShown(process.execPath, ['--expose-gc', program, ...args]);
});
