import type { EpochMs, JsonObject } from '#libs/kernel';
import {
  contactDay,
  quietHoursAnswer,
  type DayNumber,
  type GateRequest,
  type HoldState,
  type QuietHoursAnswer,
  type ZonedCalendar,
} from '#libs/policy';
import { durationMs, parseDuration } from '#libs/kernel';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Evaluate } from '../expression/evaluate.js';
import type { Group, PersonContext } from '../runtime/ports.js';
import type { ContactState } from './contact.js';

/** What is about to be sent to whom. */
export interface Contact {
  readonly atMs: EpochMs;
  readonly person: PersonContext;
  readonly state: ContactState | null;
  readonly channel: string;
  readonly purpose: string;
  readonly action: string | null;
  readonly group: Group;
  readonly hasSender: boolean;
  readonly isB2bRelevant: boolean;
  readonly ownCommandIds: readonly string[];
  readonly firstPutOffAtMs: EpochMs | null;
  readonly isEnrolmentEnded: boolean;
}

/** What of a contact tells when it would go out. */
export type ContactTime = Pick<
  Contact,
  'atMs' | 'person' | 'state' | 'channel' | 'purpose' | 'firstPutOffAtMs'
>;

/** What building a request needs besides the contact. */
export interface GateKnowledge {
  readonly catalogue: Catalogue;
  readonly calendar: ZonedCalendar;
  readonly evaluate: Evaluate;
}

/** The gate's request for a contact. What could not be read is null, which refuses. */
export function gateRequest(contact: Contact, known: GateKnowledge): GateRequest {
  const { catalogue, calendar } = known;
  const { state, atMs, channel } = contact;
  const address = state?.addresses[channel];
  return {
    atMs,
    profileId: contact.person.profileId,
    channel,
    purpose: catalogue.purposes.get(contact.purpose) ?? null,
    action: contact.action,
    group: contact.group,
    enrolmentEnded: contact.isEnrolmentEnded,
    address: address === undefined ? 'none' : address.isValid ? 'valid' : 'invalid',
    hasSender: contact.hasSender,
    suppressions: state?.suppressions ?? null,
    consents: state?.consents ?? null,
    hasPurchased: state?.hasPurchased ?? false,
    professional: state?.isProfessional ?? false,
    b2bRelevant: contact.isB2bRelevant,
    sector: catalogue.sector,
    holds: holdsOf(contact, known),
    caps: catalogue.caps,
    reservations: state?.reservations ?? null,
    ownCommandIds: contact.ownCommandIds,
    today: calendar.localDay(atMs, catalogue.timezone),
    quietHours: quietHoursOf(contact, known),
    firstPutOffAtMs: contact.firstPutOffAtMs,
  };
}

/**
 * Local day, in the workspace's zone, on which a contact would go out: the day whose place under
 * the caps it takes. Where nobody can tell, today's.
 */
export function dayOfContact(contact: ContactTime, known: GateKnowledge): DayNumber {
  const { catalogue, calendar } = known;
  const today = calendar.localDay(contact.atMs, catalogue.timezone);
  const day = contactDay({
    atMs: contact.atMs,
    today,
    purpose: catalogue.purposes.get(contact.purpose) ?? null,
    quietHours: quietHoursOf(contact, known),
    firstPutOffAtMs: contact.firstPutOffAtMs,
  });
  return Number.isInteger(day) ? day : today;
}

function quietHoursOf(
  contact: Pick<ContactTime, 'atMs' | 'person' | 'state' | 'channel'>,
  known: GateKnowledge,
): QuietHoursAnswer {
  const { catalogue, calendar } = known;
  return quietHoursAnswer(
    catalogue.quietHours,
    {
      channel: contact.channel,
      profileZone: contact.person.timezone,
      workspaceZone: catalogue.timezone,
      profileCountry: contact.state?.country ?? null,
      workspaceCountry: catalogue.country,
    },
    { calendar, atMs: contact.atMs },
  );
}

/** A hold is a condition over the person; a segment's last leaving tells since when it is over. */
function holdsOf(contact: Contact, known: GateKnowledge): readonly HoldState[] {
  const bindings = personBindings(contact.person, contact.atMs);
  return known.catalogue.holds.map((hold) => {
    const answer = known.evaluate(hold.when, bindings);
    const lasts = parseDuration(hold.lasts ?? '0s');
    const segment = /inSegment\(\s*['"]([^'"]+)['"]\s*\)/.exec(hold.when)?.[1];
    return {
      id: hold.id,
      purpose: hold.purpose,
      holds: answer.ok && typeof answer.value === 'boolean' ? answer.value : null,
      ceasedAtMs: (segment && contact.state?.leftSegmentsAtMs[segment]) || null,
      lastsMs: lasts.ok ? durationMs(lasts.value) : Number.NaN,
    };
  });
}

/** The names of expressions that are about a person only. */
export function personBindings(
  person: PersonContext,
  nowMs: EpochMs,
): { now: EpochMs; profile: JsonObject; account: JsonObject | null } {
  return {
    now: nowMs,
    profile: { ...person.profile, segments: [...person.segments] },
    account: person.account,
  };
}
