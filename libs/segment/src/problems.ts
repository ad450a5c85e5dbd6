import type { LocalText } from '#libs/kernel';
import type { SegmentProblem, SegmentProblemCode } from './types.js';

type OwnCode = Extract<
  SegmentProblemCode,
  'duplicate' | 'unknown_segment' | 'cycle' | 'time_opaque' | 'reads_segments'
>;

interface Wording {
  readonly message: (detail: string) => LocalText;
  readonly hint?: LocalText;
}

const WORDINGS: Record<OwnCode, Wording> = {
  duplicate: {
    message: (id) => ({
      fr: `deux segments s'appellent ${id}`,
      en: `two segments are called ${id}`,
    }),
  },
  unknown_segment: {
    message: (id) => ({ fr: `segment inconnu : ${id}`, en: `unknown segment: ${id}` }),
  },
  cycle: {
    message: (path) => ({
      fr: `segments qui dépendent l'un de l'autre : ${path}`,
      en: `segments that depend on one another: ${path}`,
    }),
  },
  time_opaque: {
    message: () => ({
      fr: 'le moment où ce segment change ne peut être calculé',
      en: 'the moment at which this segment changes cannot be computed',
    }),
    hint: {
      fr: 'comparer daysSince(champ) à un nombre : daysSince(profile.vu_le) > 30.0',
      en: 'compare daysSince(field) with a number: daysSince(profile.seen_at) > 30.0',
    },
  },
  reads_segments: {
    message: () => ({
      fr: 'un segment ne lit les autres que par inSegment("…")',
      en: 'a segment reads others by inSegment("…") only',
    }),
    hint: { fr: 'écrire inSegment("autre")', en: 'write inSegment("other")' },
  },
};

/** A problem of a segment; it covers the whole condition unless told where. */
export function problemIn(
  at: { readonly id: string; readonly when: string },
  code: OwnCode,
  detail = at.id,
  place = { offset: 0, length: at.when.length },
): SegmentProblem {
  const { message, hint } = WORDINGS[code];
  const problem = { segment: at.id, code, severity: 'error' as const, message: message(detail) };
  return hint ? { ...problem, hint, ...place } : { ...problem, ...place };
}
