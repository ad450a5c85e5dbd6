import type { EpochMs } from '#libs/kernel';
import type { ScoreFact } from '#libs/contracts';
import type { ProfileRow } from './ports.js';

/** What scores of RFM are computed by, as facts name it. */
export const RFM_MODEL = 'rfm';

const DIMENSIONS = ['rfm_recency', 'rfm_frequency', 'rfm_monetary'] as const;

/** Value of the score of whoever has none any more. */
const NONE = 0;

function valuesOf(rfm: string): readonly number[] {
  return rfm === '' ? DIMENSIONS.map(() => NONE) : rfm.split('-').map(Number);
}

/**
 * A fact for each dimension of RFM that is another than `before`. At one instant a person has one
 * score: the version is the profile's, so that of two changes within it the later one counts.
 */
export function scoreFacts(
  row: Pick<ProfileRow, 'profileId' | 'version' | 'isSample' | 'rfm'>,
  at: { readonly before: string; readonly nowMs: EpochMs },
): readonly ScoreFact[] {
  const { profileId, version, isSample, rfm } = row;
  const { before, nowMs } = at;
  if (rfm === before) return [];
  const told = valuesOf(before);
  return valuesOf(rfm).flatMap((value, place): ScoreFact[] => {
    const name = DIMENSIONS[place];
    if (name === undefined || value === told[place]) return [];
    return [
      {
        id: `${profileId}/${name}/${nowMs}`,
        kind: 'score',
        version,
        atMs: nowMs,
        profileId,
        body: { name, value, model: RFM_MODEL, atMs: nowMs, sample: isSample },
      },
    ];
  });
}
