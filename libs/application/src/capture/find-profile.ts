import { foldName } from '#libs/contracts';
import { readIds } from '#libs/profile';
import type { IdKey } from '../profile/ports.js';
import type { ProfileSettings } from '../profile/settings.js';

/** Namespace of our own ids. */
export const PROFILE_ID = 'profile_id';

/**
 * Ids as a caller gives them (`userId`, `email`), as the store knows them: folded namespaces,
 * normalised values, the strongest first. Asking is not claiming: a namespace that only some sources
 * may fill may be asked for by anybody with the right to ask.
 */
export function lookUpKeys(
  ids: Readonly<Record<string, string>>,
  settings: ProfileSettings,
): readonly IdKey[] {
  const { rules, normalisePhone } = settings;
  const keys = Object.entries(ids).flatMap(([name, value]) => {
    const ns = foldName(name);
    const rule = rules.identities.find((one) => one.ns === ns);
    const source = rule?.from?.[0] ?? '';
    return readIds({ ids: { [ns]: value }, source }, rules, normalisePhone).usable;
  });
  return keys.sort((left, right) => left.rank - right.rank).map(({ ns, value }) => ({ ns, value }));
}
