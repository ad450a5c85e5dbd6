import { describe, expect, it } from 'vitest';
import { rawEventSchema } from '#libs/contracts';
import { sampleHistory } from '../history.js';
import { Marketer } from '../testing/marketer.js';
import { appealOf, policyTruth } from '../world/preferences.js';
import type { VisitorDeed } from './deeds.js';
import { readLinks, type ReceivedMessage } from './messages.js';
import { VisitorModel } from './visitor-model.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const endMs = Date.UTC(2026, 10, 20, 9);

/** Lets the model and a marketer live together, a half-hour at a time, as the runner does. */
function simulate(seed: string, days: number, mode: 'learning' | 'uniform') {
  const model = new VisitorModel({ seed, endMs });
  const marketer = new Marketer(model.world, mode);
  for (const event of sampleHistory({ seed, endMs })) marketer.see(event);
  const deeds: VisitorDeed[] = [];
  let received: ReceivedMessage[] = [];
  const stepMs = 30 * MINUTE_MS;
  for (let fromMs = endMs; fromMs < endMs + days * DAY_MS; fromMs += stepMs) {
    const tasks = marketer.openTasks();
    const done = model.live({ fromMs, toMs: fromMs + stepMs, received, tasks });
    for (const deed of done) {
      deeds.push(deed);
      if (deed.kind === 'event') marketer.see(deed.event);
      if (deed.kind === 'close_task') marketer.closeTask(deed.taskId);
    }
    received = marketer.send(fromMs + stepMs);
  }
  return { deeds, marketer };
}

function live(model: VisitorModel, fromMs: number, toMs: number, received: ReceivedMessage[] = []) {
  return model.live({ fromMs, toMs, received });
}

function mail(over: Partial<ReceivedMessage>): ReceivedMessage {
  return {
    seq: 1,
    channel: 'email',
    to: '',
    receivedAtMs: endMs,
    deliveryId: 'd-1',
    scenario: 'welcome',
    action: 'welcome-offer',
    text: '',
    firstLink: 'http://127.0.0.1/c/1',
    unsubscribeLink: 'http://127.0.0.1/u/1',
    ...over,
  };
}

describe('the visitors', () => {
  it('do the same for the same seed, in order, within the stretch', () => {
    const run = () => live(new VisitorModel({ seed: 'x', endMs }), endMs, endMs + DAY_MS);
    const deeds = run();
    expect(run()).toEqual(deeds);
    expect(deeds.length).toBeGreaterThan(300);
    expect(deeds.every(({ atMs }) => atMs >= endMs && atMs < endMs + DAY_MS)).toBe(true);
    const times = deeds.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    for (const deed of deeds) if (deed.kind === 'event') rawEventSchema.parse(deed.event);
  });

  it('do the same whatever the length of the turns, and after a restart', () => {
    const whole = live(new VisitorModel({ seed: 'x', endMs }), endMs, endMs + DAY_MS);
    let model = new VisitorModel({ seed: 'x', endMs });
    const pieces: VisitorDeed[] = [];
    for (let fromMs = endMs; fromMs < endMs + DAY_MS; fromMs += 360 * MINUTE_MS) {
      pieces.push(...live(model, fromMs, fromMs + 360 * MINUTE_MS));
      const memory = JSON.parse(JSON.stringify(model.memory())) as ReturnType<typeof model.memory>;
      model = new VisitorModel({ seed: 'x', endMs }, memory);
    }
    expect(pieces).toEqual(whole);
  });

  it('go on where the history ends: nothing twice, nothing lost', () => {
    const laterMs = endMs + DAY_MS;
    const past = [...sampleHistory({ seed: 'x', endMs })].filter(
      ({ atMs }) => atMs > endMs - DAY_MS,
    );
    const then = live(new VisitorModel({ seed: 'x', endMs }), endMs - DAY_MS, endMs);
    const now = live(new VisitorModel({ seed: 'x', endMs }), endMs, laterMs);
    const idOf = (deed: VisitorDeed) => (deed.kind === 'event' ? deed.event.messageId : '');
    expect(then.map(idOf).sort()).toEqual(past.map(({ messageId }) => messageId).sort());
    const told = new Set(past.map(({ messageId }) => messageId));
    expect(now.some((deed) => told.has(idOf(deed)))).toBe(false);
  });

  it('keep what they planned through a restart', () => {
    const first = new VisitorModel({ seed: 'x', endMs });
    const received = Array.from({ length: 40 }, (_, index) =>
      mail({ to: first.world.person(index + 500).email, deliveryId: `d-${index}`, seq: index }),
    );
    live(first, endMs, endMs + MINUTE_MS, received);
    const memory = first.memory();
    expect(memory.planned.length).toBeGreaterThan(5);
    const second = new VisitorModel({ seed: 'x', endMs }, memory);
    const [from, to] = [endMs + MINUTE_MS, endMs + 3 * DAY_MS];
    expect(live(second, from, to)).toEqual(live(first, from, to));
  });

  it('ignore mail for strangers', () => {
    const model = new VisitorModel({ seed: 'x', endMs });
    live(model, endMs, endMs + 1, [mail({ to: 'a.b@c.example' })]);
    expect(model.memory().planned).toEqual([]);
  });

  it('sometimes leave, rarely complain, and answer STOP to SMS', () => {
    const model = new VisitorModel({ seed: 'x', endMs });
    const count = 4_000;
    const received = Array.from({ length: count }, (_, index) => {
      const person = model.world.person(index % 2_000);
      const isSms = index >= 2_000;
      const to = isSms ? (person.mobile ?? '') : person.email;
      return mail({ to, channel: isSms ? 'sms' : 'email', deliveryId: `d-${index}` });
    });
    const deeds = live(model, endMs, endMs + 3 * DAY_MS, received);
    const share = (kind: string) => deeds.filter((deed) => deed.kind === kind).length / count;
    expect(share('unsubscribe')).toBeGreaterThan(0.0005);
    expect(share('unsubscribe')).toBeLessThan(0.01);
    expect(share('complain')).toBeLessThan(0.002);
    expect(deeds.some((deed) => deed.kind === 'reply' && deed.text === 'STOP')).toBe(true);
    expect(share('click')).toBeGreaterThan(0.1);
  });
});

describe('ten days of the sample, which are ten minutes', () => {
  const { deeds, marketer } = simulate('maison-lumen', 10, 'learning');

  it.each([
    ['abandoned-cart', 150, 80, 8],
    ['welcome', 50, 35, 3],
    ['win-back', 60, 30, 2],
    ['b2b-reorder', 8, 5, 2],
  ])('%s: entered >= %i, decided >= %i, ordered >= %i', (scenario, entered, decided, ordered) => {
    const mine = marketer.decisions.filter((one) => one.scenario === scenario);
    expect(marketer.entered[scenario]).toBeGreaterThanOrEqual(entered);
    expect(mine.length).toBeGreaterThanOrEqual(decided);
    expect(mine.filter(({ hasOrdered }) => hasOrdered).length).toBeGreaterThanOrEqual(ordered);
  });

  it('stays below 150 events a second of the wall at one day a minute', () => {
    const perSecond = new Map<number, number>();
    for (const { atMs } of deeds) {
      const second = Math.floor((atMs - endMs) / (24 * MINUTE_MS));
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThan(150);
    expect(deeds.length / 10).toBeGreaterThan(500);
  });
});

describe('hidden preferences', () => {
  it('show in what people do: each action near its true chance, the held-out below', () => {
    const { marketer } = simulate('truth', 75, 'uniform');
    const { overall } = policyTruth('cart');
    const mine = marketer.decisions.filter(({ scenario }) => scenario === 'abandoned-cart');
    const rateOf = (rows: readonly { hasOrdered: boolean }[]) =>
      rows.filter(({ hasOrdered }) => hasOrdered).length / rows.length;
    for (const action of ['cart-reminder', 'cart-free-delivery', 'cart-offer-10']) {
      const rate = rateOf(mine.filter((one) => one.action === action));
      expect(Math.abs(rate - overall.chances[appealOf(action)])).toBeLessThan(0.07);
    }
    expect(rateOf(marketer.heldOut)).toBeLessThan(overall.chances.reminder / 2);
  });

  it.each(['one', 'two'])('can be learned within a few hundred decisions: %s', (seed) => {
    const { marketer } = simulate(seed, 25, 'learning');
    const mine = marketer.decisions.filter(({ scenario }) => scenario === 'abandoned-cart');
    const late = mine.slice(200, 500);
    const best = late.filter(({ action }) => appealOf(action) === policyTruth().overall.best);
    expect(best.length / late.length).toBeGreaterThan(0.6);
  });
});

describe('readLinks', () => {
  it('finds the link to click and the way out', () => {
    const html = '<a href="http://h/p">x</a><a href="http://h/c/abc?x=1&amp;y=2">buy</a>';
    const headers = { 'list-unsubscribe': '<http://h/u/t>, <mailto:a@b.example>' };
    expect(readLinks({ html, text: '', headers })).toEqual({
      firstLink: 'http://h/c/abc?x=1&y=2',
      unsubscribeLink: 'http://h/u/t',
    });
    expect(readLinks({ html: '', text: 'see http://h/u/q', headers: {} })).toEqual({
      firstLink: null,
      unsubscribeLink: 'http://h/u/q',
    });
  });
});
