import type { ApiBody } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { CompiledAction, CompiledWorkspace } from '../../workspace/compiled.js';
import { say } from '../words/text.js';

type Wish = ApiBody<'startDraft'>;

interface Ground {
  readonly wish: Wish;
  readonly locale: Locale;
  readonly purpose: string;
  /** Actions of the catalogue that suit, the plainest first; never empty. */
  readonly actions: readonly string[];
  readonly segments: ReadonlySet<string>;
  readonly locales: readonly string[];
}

const MOST_ACTIONS = 4;
const SUITS: Readonly<Record<Wish['from'], RegExp>> = {
  'abandoned-cart': /cart|panier/,
  welcome: /welcome|bienvenue|hello/,
  'win-back': /win-?back|reconqu/,
};
/** Stands where the catalogue has nothing: the lint names it, and completion offers what there is. */
const NO_ACTION = 'my-action';

/**
 * A scenario to begin with, in YAML with comments in the reader's language, made of actions,
 * segments and purposes that the workspace has.
 */
export function startingText(
  wish: Wish,
  compiled: CompiledWorkspace | null,
  locale: Locale,
): string {
  const purposes = compiled?.policies.purposes.map(({ id }) => id) ?? [];
  const ground: Ground = {
    wish,
    locale,
    purpose: purposes.includes('marketing') ? 'marketing' : (purposes[0] ?? 'marketing'),
    actions: suitable(compiled?.actions ?? [], SUITS[wish.from]),
    segments: new Set(compiled?.segments.map(({ id }) => id)),
    locales: compiled?.relance.locales ?? ['fr', 'en'],
  };
  return TEXTS[wish.from](ground);
}

const TEXTS: Readonly<Record<Wish['from'], (ground: Ground) => string>> = {
  'abandoned-cart': abandonedCart,
  welcome,
  'win-back': winBack,
};

function suitable(actions: readonly CompiledAction[], suits: RegExp): readonly string[] {
  const messages = actions.filter(({ treatments }) =>
    treatments.some(({ channel }) => channel !== 'task'),
  );
  const fitting = messages.filter(({ id, group }) => suits.test(id) || suits.test(group ?? ''));
  // What costs a discount comes last: the fallback is the first.
  const plainness = ({ id }: CompiledAction): number => (/offer|discount|free/.test(id) ? 1 : 0);
  const chosen = (fitting.length > 0 ? fitting : messages.slice(0, 1))
    .toSorted((one, other) => plainness(one) - plainness(other))
    .map(({ id }) => id)
    .slice(0, MOST_ACTIONS);
  return chosen.length > 0 ? chosen : [NO_ACTION];
}

function head({ wish, locale, purpose, locales }: Ground, priority: number): string {
  const name = JSON.stringify(wish.name);
  const names = locales.map((one) => `${one}: ${name}`).join(', ');
  const noted = say(locale, 'finalité du consentement demandé', 'purpose that people consented to');
  const order = say(locale, '0 à 100, entre scénarios', '0 to 100, between scenarios');
  return `scenario: ${wish.id}
name: { ${names} }
purpose: ${purpose}  # ${noted}
priority: ${priority}  # ${order}
`;
}

function exits({ segments, locale }: Ground, others: readonly string[]): string {
  const complaint = segments.has('complaint_open')
    ? ['  - { segment: { enters: complaint_open }, as: complaint }']
    : [];
  const lines = [...others, ...complaint];
  if (lines.length === 0) return '';
  const noted = say(locale, 'fait sortir, où que l’on soit', 'takes people out, wherever they are');
  return `\nexit:  # ${noted}\n${lines.join('\n')}\n`;
}

function decision({ actions, locale }: Ground, id: string, reward: string): string {
  const [fallback = NO_ACTION] = actions;
  const noted = say(
    locale,
    'le moteur choisit, et apprend de ce qui suit',
    'the engine chooses, and learns from what follows',
  );
  return `  - decide:  # ${noted}
      id: ${id}
      actions: [${[...actions, 'nothing'].join(', ')}]
      reward: ${reward}
      fallback: ${fallback}
  - deliver: { decision: ${id} }
`;
}

function abandonedCart(ground: Ground): string {
  const { locale } = ground;
  const again = say(
    locale,
    'la même personne, au plus une fois par semaine',
    'the same person, once a week at most',
  );
  const seen = say(locale, 'le panier revu tout seul', 'the cart seen again by itself');
  return `${head(ground, 60)}
entry:
  on: cart_updated
  key: event.cart_id
  reentry: { after: 7d }  # ${again}
${exits(ground, ['  - { on: order_completed, as: converted }'])}
goal:
  on: order_completed
  within: 14d
  value: event.total

holdout: 10%
limits: { max_age: 30d }

steps:
  - wait: 1h
  - wait_for:
      id: came_back  # ${seen}
      on: cart_viewed
      up_to: 20h
      lookback: entry
      then:
        - exit: returned
${decision(ground, 'rescue', '{ on: order_completed, within: 3d, value: event.total }')}  - wait: 3d
  - exit: done
`;
}

function welcome(ground: Ground): string {
  return `${head(ground, 70)}
entry:
  on: signed_up
  reentry: never
${exits(ground, [])}
goal:
  on: order_completed
  within: 30d
  value: event.total

holdout: 10%
limits: { max_age: 60d }

steps:
  - wait: 15m
${decision(ground, 'greeting', '{ on: order_completed, within: 14d, value: event.total }')}  - wait_for:
      id: first_order
      on: order_completed
      up_to: 7d
      then:
        - exit: converted
  - exit: done
`;
}

function winBack(ground: Ground): string {
  const { locale, segments } = ground;
  const [first] = segments;
  const segment = segments.has('dormant') ? 'dormant' : (first ?? 'dormant');
  const members = say(
    locale,
    'publier fait entrer qui y est déjà ; « ignore » ne prend que les suivants',
    'publishing takes in who is there already; "ignore" takes only those to come',
  );
  return `${head(ground, 40)}
entry:
  segment: { enters: ${segment} }
  reentry: { after: 26w }
  existing: ignore  # ${members}
${exits(ground, ['  - { on: order_completed, as: converted }'])}
goal:
  on: order_completed
  within: 30d
  value: event.total

holdout: 10%
limits: { max_age: 45d }

steps:
  - wait_until: { time: "18:00", days: [tue, wed, thu], zone: profile }
${decision(ground, 'comeback', '{ on: order_completed, within: 14d, value: event.total }')}  - wait: 14d
  - exit: done
`;
}
