import {
  contactDay,
  gate,
  gateChecks,
  gateOf,
  type GateCheck,
  type GateRequest,
} from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { oracle } from './policy-oracle.js';
import { Dice, randomWorld } from './random-world.js';
import { answerOf, calendar, requestOf } from './under-test.js';
import type { Answer, World } from './world.js';

const CASES = 100_000;
const MUTATION_CASES = 20_000;
/** Printed with the result; another number searches elsewhere. */
const SEED = 20_261_122;

type Judge = (world: World) => Answer;
const product: Judge = (world) => answerOf(gate(requestOf(world)));

const asText = ({ kind, untilMs, stage, reason }: Answer): string =>
  [kind, untilMs, stage, reason].filter((part) => part !== undefined).join(' ');

/** The first case on which a judge and the oracle differ, and how. */
function firstDifference(judge: Judge, cases: number): string | null {
  const dice = new Dice(SEED);
  for (let index = 0; index < cases; index += 1) {
    const world = randomWorld(dice);
    const [found, expected] = [asText(judge(world)), asText(oracle(world))];
    if (found !== expected) return `case ${index}: ${found}, where the rules say ${expected}`;
  }
  return null;
}

describe('the gate beside an oracle of its own', () => {
  it(`agrees on ${CASES} cases`, () => {
    const dice = new Dice(SEED);
    const told = new Map<string, number>();
    const differences: string[] = [];
    let illegal = 0;
    let needless = 0;
    for (let index = 0; index < CASES; index += 1) {
      const world = randomWorld(dice);
      const [found, expected] = [product(world), oracle(world)];
      const label = expected.reason ?? expected.kind;
      told.set(label, (told.get(label) ?? 0) + 1);
      if (found.kind === 'allow' && expected.kind !== 'allow') illegal += 1;
      if (found.kind === 'withhold' && expected.kind !== 'withhold') needless += 1;
      if (asText(found) !== asText(expected) && differences.length < 3) {
        differences.push(`${asText(found)} for ${asText(expected)}: ${JSON.stringify(world)}`);
      }
    }
    const counts = [...told].sort((left, right) => right[1] - left[1]);
    console.info(`seed ${SEED}: ${counts.map(([label, count]) => `${label} ${count}`).join(', ')}`);
    expect(differences).toEqual([]);
    expect({ illegal, needless }).toEqual({ illegal: 0, needless: 0 });
    // Every rule must have decided often enough for agreement to mean something.
    expect(counts.filter(([, count]) => count < 50)).toEqual([]);
    expect(counts.length).toBeGreaterThanOrEqual(27);
  });
});

const without = (stage: string): Judge => {
  const mutated = gateOf(gateChecks.filter((check) => check.stage !== stage));
  return (world) => answerOf(mutated(requestOf(world)));
};

/** A gate whose check of one stage sees another request than the true one. */
const misled = (stage: string, change: (request: GateRequest) => Partial<GateRequest>): Judge => {
  const checks = gateChecks.map((check): GateCheck => {
    if (check.stage !== stage) return check;
    return { stage: check.stage, run: (request) => check.run({ ...request, ...change(request) }) };
  });
  const mutated = gateOf(checks);
  return (world) => answerOf(mutated(requestOf(world)));
};

/** The product in a world that was read wrongly. */
const misread =
  (change: (world: World) => Partial<World>): Judge =>
  (world) =>
    product({ ...world, ...change(world) });

const swapped: Judge = (world) => {
  const order = [...gateChecks];
  const [suppression, consent] = [order[3], order[4]];
  if (suppression !== undefined && consent !== undefined) order.splice(3, 2, consent, suppression);
  return answerOf(gateOf(order)(requestOf(world)));
};

const eachHours = (world: World, change: object): Partial<World> => ({
  quietHours: world.quietHours.map((rule) => ({
    ...rule,
    allow: rule.allow.map((hours) => ({ ...hours, ...change })),
  })),
});

const eachConsent = (request: GateRequest, change: object): Partial<GateRequest> => ({
  consents: request.consents?.map((row) => ({ ...row, ...change })) ?? null,
});

const MUTATIONS: readonly (readonly [string, Judge])[] = [
  ...gateChecks.map((check) => [`no check of ${check.stage}`, without(check.stage)] as const),
  ['consent judged before suppression', swapped],
  [
    'a cap lets one more through',
    misled('caps', ({ caps }) => ({
      caps: caps?.map((cap) => ({ ...cap, max: cap.max + 1 })) ?? null,
    })),
  ],
  [
    'a cap lets one fewer through',
    misled('caps', ({ caps }) => ({
      caps: caps?.map((cap) => ({ ...cap, max: cap.max - 1 })) ?? null,
    })),
  ],
  [
    'a window one day longer',
    misled('caps', ({ reservations }) => ({
      reservations: reservations?.map((row) => ({ ...row, day: row.day + 1 })) ?? null,
    })),
  ],
  [
    'the day of asking, not of going',
    misled('caps', () => ({ quietHours: { kind: 'unrestricted' } })),
  ],
  [
    'places held for later not counted',
    misled('caps', ({ reservations, ...request }) => ({
      reservations: reservations?.filter((row) => row.day <= contactDay(request)) ?? null,
    })),
  ],
  ['the day of UTC', misled('caps', ({ atMs }) => ({ today: calendar.localDay(atMs, 'UTC') }))],
  ['own place counted', misled('caps', () => ({ ownCommandIds: [] }))],
  [
    'lapsed places counted',
    misled('caps', ({ reservations }) => ({
      reservations: reservations?.map((row) => ({ ...row, expiresAtMs: Infinity })) ?? null,
    })),
  ],
  ['proof not asked', misled('consent', (request) => eachConsent(request, { proof: 'x' }))],
  ['bulk grants trusted', misled('consent', (request) => eachConsent(request, { bulk: false }))],
  [
    'the newest of all sources wins',
    misled('consent', (request) => eachConsent(request, { source: 'one' })),
  ],
  [
    'a grant of tomorrow counts today',
    misled('consent', (request) => ({ atMs: request.atMs + 86_400_000 })),
  ],
  ['everyone is a professional', misled('consent', () => ({ professional: true }))],
  ['everyone is a customer', misled('consent', () => ({ hasPurchased: true }))],
  [
    'contract for all',
    misled('consent', ({ purpose }) => ({
      purpose: purpose && { ...purpose, basis: ['contract'] },
    })),
  ],
  [
    'suppressions never end',
    misled('suppression', ({ suppressions }) => ({
      suppressions: suppressions?.map((row) => ({ ...row, untilMs: null })) ?? null,
    })),
  ],
  [
    'suppressions of every channel',
    misled('suppression', ({ suppressions }) => ({
      suppressions: suppressions?.map((row) => ({ ...row, channel: null })) ?? null,
    })),
  ],
  [
    'soft bounces never counted',
    misread(({ failures }) => ({ failures: failures.filter((one) => one.kind !== 'soft_bounce') })),
  ],
  [
    'a hold ends when its cause does',
    misled('holds', ({ holds }) => ({
      holds: holds?.map((hold) => ({ ...hold, lastsMs: 0 })) ?? null,
    })),
  ],
  [
    'a hold not evaluated passes',
    misled('holds', ({ holds }) => ({
      holds: holds?.map((hold) => ({ ...hold, holds: hold.holds === true })) ?? null,
    })),
  ],
  ['put off for ever', misled('quiet_hours', () => ({ firstPutOffAtMs: null }))],
  [
    'obeys not heard',
    misled('caps', ({ purpose }) => ({ purpose: purpose && { ...purpose, obeys: [] } })),
  ],
  ["the workspace's zone for everyone", misread(() => ({ profileZone: null }))],
  [
    'the zone of UTC',
    misread((world) => ({
      quietHours: world.quietHours.map((rule) => ({ ...rule, zone: 'UTC' })),
    })),
  ],
  ['holidays worked', misread((world) => eachHours(world, { holidays: 'allowed' }))],
  [
    'Sundays worked',
    misread((world) =>
      eachHours(world, { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }),
    ),
  ],
  [
    'only the first window of a rule',
    misread((world) => ({
      quietHours: world.quietHours.map((rule) => ({ ...rule, allow: rule.allow.slice(0, 1) })),
    })),
  ],
  [
    'withhold taken for wait',
    misread((world) => ({
      quietHours: world.quietHours.map((rule) => ({ ...rule, otherwise: 'wait' as const })),
    })),
  ],
];

describe('a broken gate is found out', () => {
  it.each(MUTATIONS)('%s', (_name, judge) => {
    expect(firstDifference(judge, MUTATION_CASES)).not.toBe(null);
  });
});
