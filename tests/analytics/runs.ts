import type { EnrolmentFact, Fact } from '#libs/contracts';
import { seededRandom } from '#libs/kernel';
import { factOf, START_MS } from './facts.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;
const GROUPS = ['policy', 'policy', 'policy', 'policy', 'holdout', 'random_control'] as const;
const SHARES = { policy: 4 / 6, holdout: 1 / 6, random_control: 1 / 6 };

/** One person's way through a scenario, and what views should tell of it. */
export interface Run {
  readonly fact: EnrolmentFact;
  readonly month: string;
  readonly orders: readonly { readonly value: number; readonly currency: string }[];
  readonly sent: number;
  readonly delivered: number;
  readonly clicked: number;
}

/** Makes a run and adds its facts to those given. */
function aRun(index: number, random: () => number, facts: Fact[]): Run {
  const enteredAtMs = START_MS + Math.floor(random() * 60) * DAY_MS;
  const group = GROUPS[Math.floor(random() * GROUPS.length)] ?? 'policy';
  const id = `e${index}`;
  const fact = factOf('enrolment', {
    id,
    version: 2,
    profileId: `p${index}`,
    body: {
      scenario: index % 2 === 0 ? 'welcome' : 'winback',
      group,
      enteredAtMs,
      maturesAtMs: enteredAtMs + 14 * DAY_MS,
      accountId: index % 5 === 0 ? 'a1' : null,
    },
  });
  facts.push({ ...fact, version: 1, body: { ...fact.body, state: 'running' } }, fact);
  const isTreated = group !== 'holdout';
  const orders = Array.from(
    { length: random() < (isTreated ? 0.4 : 0.2) ? 1 + Math.floor(random() * 2) : 0 },
    () => ({
      value: Math.round(random() * 20_000) / 100 + 1,
      currency: random() < 0.2 ? 'GBP' : 'EUR',
    }),
  );
  orders.forEach(({ value, currency }, nth) => {
    const body = {
      atMs: enteredAtMs + DAY_MS,
      value: value.toFixed(2),
      currency,
      eventId: `${id}-order-${nth}`,
      enrolmentId: id,
      scenario: fact.body.scenario,
      accountId: fact.body.accountId,
    };
    const goal = isTreated ? 'goal' : 'holdout';
    facts.push(
      factOf('outcome', {
        id: `${id}-o${nth}`,
        profileId: `p${index}`,
        body: { ...body, attributedBy: goal },
      }),
    );
    // The same order counted for a decision's reward as well must not count twice.
    if (isTreated) {
      const credit = { ...body, attributedBy: 'window' as const, decisionId: `${id}-d0` };
      facts.push(factOf('outcome', { id: `${id}-c${nth}`, profileId: `p${index}`, body: credit }));
    }
  });
  const messages = isTreated ? 1 + Math.floor(random() * 3) : 0;
  let [sent, delivered, clicked] = [0, 0, 0];
  for (let nth = 0; nth < messages; nth += 1) {
    const state =
      (['withheld', 'delivered', 'bounced', 'accepted', 'failed'] as const)[
        Math.floor(random() * 5)
      ] ?? 'failed';
    const deliveryId = `${id}-d${nth}`;
    const body = {
      enrolmentId: id,
      scenario: fact.body.scenario,
      accountId: fact.body.accountId,
      state,
      intendedAtMs: enteredAtMs,
      cost: '0.0100',
    };
    facts.push(factOf('delivery', { id: deliveryId, profileId: `p${index}`, body }));
    if (state === 'delivered' || state === 'bounced' || state === 'accepted') sent += 1;
    if (state !== 'delivered') continue;
    delivered += 1;
    const kinds =
      random() < 0.5
        ? (['clicked', 'clicked', 'bot_clicked'] as const)
        : (['bot_clicked'] as const);
    if (kinds.length > 1) clicked += 1;
    kinds.forEach((deliveryEventKind, click) => {
      facts.push(
        factOf('delivery_event', {
          id: `${deliveryId}-${click}`,
          profileId: `p${index}`,
          body: {
            deliveryId,
            deliveryEventKind,
            enrolmentId: id,
            scenario: fact.body.scenario,
            atMs: enteredAtMs + 1_000,
          },
        }),
      );
    });
  }
  const month = new Date(enteredAtMs).toISOString().slice(0, 7);
  return { fact, month, orders, sent, delivered, clicked };
}

/**
 * Writes what 400 people did into a new store, the same each time, and some of it twice; the facts
 * are told once.
 */
export async function writeRuns(
  world: World,
): Promise<{ readonly runs: readonly Run[]; readonly facts: readonly Fact[] }> {
  await world.sink.migrate();
  const random = seededRandom('analytics views', '1');
  const facts: Fact[] = [];
  const runs = Array.from({ length: 400 }, (_, index) => aRun(index, random, facts));
  for (const scenario of ['welcome', 'winback']) {
    facts.push(
      factOf('scenario', { id: `${scenario}@d1`, body: { scenario, groupShares: SHARES } }),
    );
  }
  facts.push(
    factOf('account', { id: 'a1' }),
    factOf('task', { id: 't1', body: { scenario: 'welcome' } }),
  );
  facts.push(factOf('decision', { id: 'd1' }), factOf('decision', { id: 'd2' }));
  await world.sink.insert(facts);
  await world.sink.insert(facts.slice(0, 300));
  return { runs, facts };
}

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, one) => total + one, 0);

/** What a run brought in the main currency. */
export const inEuros = ({ orders }: Run): number =>
  sum(orders.filter(({ currency }) => currency === 'EUR').map(({ value }) => value));
