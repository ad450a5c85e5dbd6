import { nearest } from '#libs/contracts';
import { publishedOf, type ConsoleGround } from './workspace-source.js';

/** A scenario that nobody knows, and those in force, the nearest first. */
export interface UnknownScenario {
  readonly unknown: { readonly scenario: string; readonly known: string };
}

/** Null where the scenario is in force, or was: people may still be in it. */
export function unknownScenario(ground: ConsoleGround, scenario: string): UnknownScenario | null {
  const published = publishedOf(ground);
  const inForce = (published?.scenarios ?? []).map((one) => one.scenario);
  const known = new Set([...inForce, ...(published?.definitions ?? []).map((d) => d.scenario)]);
  if (known.has(scenario)) return null;
  const close = nearest(scenario, inForce);
  const ordered = [...new Set([...(close === null ? [] : [close]), ...inForce])];
  return { unknown: { scenario, known: ordered.join(', ') } };
}
