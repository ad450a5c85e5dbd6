import { effectiveConsent, hasProof, type ConsentStatement } from './consent.js';
import { withhold, type GateRequest, type Withhold } from './gate-request.js';
import type { WithheldReason } from './reasons.js';

// Nearest to permission first: of several grants that fail, the best one's reason is told.
const SHORTFALLS: readonly WithheldReason[] = [
  'consent_proof_missing',
  'consent_no_purchase',
  'consent_not_professional',
  'consent_basis_not_allowed',
];

function shortfallOf(grant: ConsentStatement, request: GateRequest): WithheldReason | null {
  const { basis } = grant;
  if (basis === null || request.purpose?.basis.includes(basis) !== true) {
    return 'consent_basis_not_allowed';
  }
  switch (basis) {
    case 'opt_in':
      return hasProof(grant) ? null : 'consent_proof_missing';
    case 'soft_opt_in':
      // The proof is that a refusal was offered when the address was collected.
      if (!hasProof(grant)) return 'consent_proof_missing';
      return request.hasPurchased === true ? null : 'consent_no_purchase';
    case 'legitimate_interest_b2b':
      return request.professional === true && request.b2bRelevant === true
        ? null
        : 'consent_not_professional';
    default:
      return 'consent_basis_not_allowed';
  }
}

function judgeGrants(grants: readonly ConsentStatement[], request: GateRequest): Withhold | null {
  const found = new Map<WithheldReason, ConsentStatement>();
  for (const grant of grants) {
    const shortfall = shortfallOf(grant, request);
    if (shortfall === null) return null;
    if (!found.has(shortfall)) found.set(shortfall, grant);
  }
  const told = SHORTFALLS.find((one) => found.has(one)) ?? 'consent_basis_not_allowed';
  return withhold(told, found.get(told)?.basis ?? '');
}

/** Permission under the purpose's legal grounds; under contract only a refusal of it counts. */
export function checkConsent(request: GateRequest): Withhold | null {
  const { consents, channel, purpose, atMs } = request;
  if (purpose === null) return withhold('purpose_unknown');
  if (!Array.isArray(consents)) return withhold('consent_unknown');
  if (purpose.basis.includes('contract')) {
    const own = consents.filter((one: ConsentStatement) => one.purpose === purpose.id);
    const refused = effectiveConsent(own, { channel, purpose: purpose.id, atMs });
    return refused.status === 'denied' ? withhold('consent_denied', refused.by.source) : null;
  }
  const consent = effectiveConsent(consents, { channel, purpose: purpose.id, atMs });
  if (consent.status === 'unknown') return withhold('consent_unknown');
  if (consent.status === 'denied') return withhold('consent_denied', consent.by.source);
  return judgeGrants(consent.grants, request);
}
