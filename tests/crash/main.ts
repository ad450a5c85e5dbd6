// The crash test as a command: npm run crash -- --kills 50 --people 5000 [--seed TEXT]
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runCrash } from './crash.js';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, people: { type: 'string' }, seed: { type: 'string' } },
});
const kills = Number(values.kills ?? 50);
const people = Number(values.people ?? 5_000);
const seed = values.seed ?? randomUUID().slice(0, 8);
if (!(Number.isInteger(kills) && kills >= 0 && Number.isInteger(people) && people > 0)) {
  throw new Error('--kills and --people take whole numbers');
}
console.log(`seed ${seed} (the same again: --seed ${seed})`);
const startedMs = performance.now();
const report = await runCrash({ kills, people, seed, say: (line) => console.log(line) });
const byVictim: Record<string, number> = {};
for (const { victim } of report.kills) byVictim[victim] = (byVictim[victim] ?? 0) + 1;
console.log(
  `\nkilled: ${JSON.stringify(byVictim)}; posts that had to be repeated: ${report.failedPosts}`,
);
for (const { name, isKept, counted } of report.checks) {
  console.log(`${isKept ? 'kept  ' : 'BROKEN'}  ${name} (${counted})`);
}
const broken = report.checks.filter(({ isKept }) => !isKept);
console.log(
  JSON.stringify({
    crash: 'pipeline',
    seed,
    kills: report.kills.length,
    people,
    kept: report.checks.length - broken.length,
    broken: broken.length,
    recovered_s: Math.round(report.recoveredS * 10) / 10,
    seconds: Math.round((performance.now() - startedMs) / 1_000),
  }),
);
process.exitCode = broken.length === 0 ? 0 : 1;
