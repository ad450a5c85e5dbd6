/** Groups of people by what moves them; nothing in an event says who belongs where. */
export const CLUSTERS = ['delivery', 'price', 'simple'] as const;
/** A group of people by what moves them. */
export type Cluster = (typeof CLUSTERS)[number];

/** What an action amounts to for the person who gets it. */
export const APPEALS = ['none', 'reminder', 'delivery', 'discount', 'call'] as const;
/** What an action amounts to for the person who gets it. */
export type Appeal = (typeof APPEALS)[number];

/** What a person is being asked. */
export const MOMENTS = ['cart', 'winback', 'welcome', 'reorder', 'other'] as const;
/** What a person is being asked. */
export type Moment = (typeof MOMENTS)[number];

/** Share of people in each cluster. */
export const CLUSTER_SHARES: Readonly<Record<Cluster, number>> = {
  delivery: 0.55,
  price: 0.25,
  simple: 0.2,
};

type Row = Readonly<Record<Appeal, number>>;

const row = (
  none: number,
  reminder: number,
  delivery: number,
  rest: readonly [number, number],
) => ({
  none,
  reminder,
  delivery,
  discount: rest[0],
  call: rest[1],
});

// Chances that a message of that appeal, once received, ends in an order; `none` is what happens
// without any. Of a cart they count from when it was left: by the time of a decision most of those
// who order anyway have done so, and what is seen then lies a little lower. No appeal does harm, so a person who would order anyway orders whatever is sent.
const TRUTH: Readonly<Record<Moment, Readonly<Record<Cluster, Row>>>> = {
  cart: {
    delivery: row(0.05, 0.14, 0.52, [0.14, 0.12]),
    price: row(0.05, 0.12, 0.16, [0.44, 0.1]),
    simple: row(0.09, 0.3, 0.3, [0.24, 0.14]),
  },
  winback: {
    delivery: row(0.015, 0.06, 0.2, [0.12, 0.08]),
    price: row(0.015, 0.05, 0.08, [0.38, 0.08]),
    simple: row(0.03, 0.14, 0.15, [0.22, 0.1]),
  },
  welcome: {
    delivery: row(0.06, 0.14, 0.32, [0.2, 0.1]),
    price: row(0.06, 0.12, 0.16, [0.34, 0.1]),
    simple: row(0.08, 0.22, 0.22, [0.24, 0.12]),
  },
  reorder: {
    delivery: row(0, 0.4, 0.5, [0.42, 0.65]),
    price: row(0, 0.34, 0.4, [0.6, 0.55]),
    simple: row(0, 0.46, 0.46, [0.48, 0.7]),
  },
  other: {
    delivery: row(0.02, 0.06, 0.14, [0.09, 0.06]),
    price: row(0.02, 0.05, 0.08, [0.18, 0.06]),
    simple: row(0.03, 0.1, 0.1, [0.12, 0.08]),
  },
};

/** Chance that a person of the cluster orders after an action of that appeal. */
export function chanceOf(moment: Moment, cluster: Cluster, appeal: Appeal): number {
  return TRUTH[moment][cluster][appeal];
}

const APPEAL_WORDS: readonly (readonly [Appeal, RegExp])[] = [
  ['none', /^nothing$|^rien$/],
  ['call', /call|appel|phone|visit|rep\b/],
  ['delivery', /deliver|livraison|shipping|port offert/],
  ['discount', /offer|offre|remise|discount|voucher|coupon|code|gift|cadeau|\d+ ?%|-\d+\b/],
];

// Ids whose words say something else than their content.
const KNOWN_ACTIONS: Readonly<Record<string, Appeal>> = { 'welcome-offer': 'delivery' };

/** The appeal of an action by its id; where there is none, by the words of the message. */
export function appealOf(action: string | null, text = ''): Appeal {
  const known = action === null ? undefined : KNOWN_ACTIONS[action];
  if (known !== undefined) return known;
  const said = (action ?? text).toLowerCase();
  return APPEAL_WORDS.find(([, words]) => words.test(said))?.[0] ?? 'reminder';
}

/** The truth about one cluster, or about everybody where `cluster` is `all`. */
export interface ClusterTruth {
  readonly cluster: Cluster | 'all';
  /** Of all people. */
  readonly share: number;
  readonly chances: Readonly<Record<Appeal, number>>;
  readonly best: Appeal;
}

/** What the visitors hide, for tests and benchmarks: never read by the engine. */
export interface PolicyTruth {
  readonly moment: Moment;
  readonly clusters: readonly ClusterTruth[];
  /** What a model that knows nothing about people should come to prefer. */
  readonly overall: ClusterTruth;
}

function bestOf(chances: Row): Appeal {
  return APPEALS.reduce((best, appeal) => (chances[appeal] > chances[best] ? appeal : best));
}

/**
 * The true chance of an order per cluster and appeal, and the best appeal of each. `appeals` limits
 * what may be best: leave `call` out where no rep owns the person.
 */
export function policyTruth(
  moment: Moment = 'cart',
  appeals: readonly Appeal[] = APPEALS,
): PolicyTruth {
  const limited = (chances: Row): Row =>
    Object.fromEntries(
      APPEALS.map((one) => [one, appeals.includes(one) ? chances[one] : 0]),
    ) as Row;
  const clusters = CLUSTERS.map((cluster) => {
    const chances = limited(TRUTH[moment][cluster]);
    return { cluster, share: CLUSTER_SHARES[cluster], chances, best: bestOf(chances) };
  });
  const mean = (appeal: Appeal) =>
    clusters.reduce((sum, { share, chances }) => sum + share * chances[appeal], 0);
  const chances = Object.fromEntries(APPEALS.map((one) => [one, mean(one)])) as Row;
  return {
    moment,
    clusters,
    overall: { cluster: 'all', share: 1, chances, best: bestOf(chances) },
  };
}
