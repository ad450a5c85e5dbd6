import type { Compiled } from '#libs/expression';
import type { Reads } from '#libs/scenario';

/** Paths named anywhere: `['entry', 'cart_id']`. */
export type ReadPaths = readonly (readonly string[])[];

/** Fields of a decision every state keeps. */
const KEPT_OF_DECISION = ['decisionId', 'action', 'treatment'];

/** The paths of checked expressions. */
export function pathsOf(compiled: readonly (Compiled | null)[]): ReadPaths {
  return compiled.flatMap((each) => each?.references.paths ?? []);
}

/** What a scenario reads, in a stable order: its definition's hash depends on it. */
export function readsOf(paths: ReadPaths, entryProperties: readonly string[]): Reads {
  const decision: Record<string, Set<string>> = {};
  const entry = new Set<string>();
  const vars = new Set<string>();
  const profile = new Map<string, readonly string[]>();
  const account = new Map<string, readonly string[]>();
  for (const [root, ...rest] of paths) {
    const [first, second] = rest;
    if (root === 'profile') profile.set(rest.join('.'), rest);
    if (root === 'account') account.set(rest.join('.'), rest);
    if (root === 'vars' && first !== undefined) vars.add(first);
    // `entry` as a whole: every property its event declares.
    if (root === 'entry')
      for (const name of first === undefined ? entryProperties : [first]) entry.add(name);
    if (root === 'decision' && first !== undefined && second !== undefined) {
      if (!KEPT_OF_DECISION.includes(second)) (decision[first] ??= new Set()).add(second);
    }
  }
  return {
    profile: sortedPaths(profile),
    account: sortedPaths(account),
    entry: [...entry].sort(),
    decision: Object.fromEntries(
      Object.entries(decision)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([id, fields]) => [id, [...fields].sort()]),
    ),
    vars: [...vars].sort(),
  };
}

function sortedPaths(
  paths: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  return [...paths.keys()].sort().map((key) => paths.get(key) ?? []);
}
