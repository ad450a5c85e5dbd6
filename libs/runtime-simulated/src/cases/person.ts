import { engineEvent, type CompiledWorkspace, type TestCase } from '#libs/application';
import type { RawEvent, TestProfile } from '#libs/contracts';
import type { EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import { drawArm, type Definition } from '#libs/scenario';
import type { Simulator } from '../simulator.js';

const ACCOUNT_ID = 'test-account';
// The person was known before the timeline begins.
const BEFORE_MS = 60_000;
const MOST_NAMES = 10_000;

/** A person who gets the stated arms: arms are drawn from the id, so another id is tried. */
export function profileIdFor(definition: Definition, experiments: TestCase['experiments']): string {
  const wanted = Object.entries(experiments);
  for (let attempt = 1; attempt <= MOST_NAMES; attempt += 1) {
    const profileId = `test-${attempt}`;
    const isMet = wanted.every(([stepId, arm]) => {
      const step = definition.steps[stepId];
      const of = { scenario: definition.scenario, stepId, profileId };
      return step?.type !== 'experiment' || drawArm(of, step).name === arm;
    });
    if (isMet) return profileId;
  }
  return 'test-1';
}

/** The workspace with the stated segments true for everybody. */
export function withSegments(
  workspace: CompiledWorkspace,
  stated: readonly string[],
): CompiledWorkspace {
  if (stated.length === 0) return workspace;
  const segments = workspace.segments.map((segment) =>
    stated.includes(segment.id) ? { ...segment, when: 'true' } : segment,
  );
  return { ...workspace, segments };
}

/** What the person is before the timeline: nothing of it enters or wakes a scenario. */
export function introduce(
  simulator: Simulator,
  given: {
    readonly profileId: string;
    readonly profile: TestProfile;
    readonly workspace: CompiledWorkspace;
    readonly instantOf: (text: string) => EpochMs;
  },
): void {
  const { profileId, profile, workspace, instantOf } = given;
  const { traits, consents, aggregates, account } = profile;
  const person = simulator.population.of(profileId);
  person.held.base = Object.fromEntries(
    Object.entries(aggregates).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : instantOf(value),
    ]),
  );
  const say = (event: RawEvent) => simulator.remember(event, profileId);
  const atMs = simulator.clock.nowMs() - BEFORE_MS;
  const statements = traitEvents({ profileId, traits, atMs }, workspace);
  statements.forEach(say);
  for (const [key, consent] of Object.entries(consents)) {
    say(consentEvent({ profileId, key, consent, atMs }, workspace));
  }
  if (account === undefined) return;
  const said = Object.entries(account).map(([name, value]) => [
    name,
    { value, source: 'test', atMs, eventKey: '' },
  ]);
  const traitsOfAccount = Object.fromEntries(said) as Readonly<
    Record<
      string,
      { value: string | number | boolean; source: string; atMs: number; eventKey: string }
    >
  >;
  simulator.population.accounts.put({
    accountId: ACCOUNT_ID,
    version: 1,
    traits: traitsOfAccount,
    updatedAtMs: atMs,
    isSample: false,
  });
  const messageId = `${profileId}/account`;
  const joins = engineEvent({ ...plain(profileId, atMs), messageId, name: 'group' });
  const membership = {
    accountId: ACCOUNT_ID,
    isMember: true,
    role: null,
    atMs,
    eventKey: messageId,
  };
  simulator.remember(joins, profileId, membership);
}

const plain = (profileId: string, atMs: EpochMs) => ({
  about: { profileId: profileId as ProfileId },
  atMs,
  properties: {} as JsonObject,
  isSample: false,
});

/** Traits as their masters would state them, a message for each source. */
export function traitEvents(
  given: {
    readonly profileId: string;
    readonly traits: Readonly<Record<string, unknown>>;
    readonly atMs: EpochMs;
  },
  { profile }: Pick<CompiledWorkspace, 'profile'>,
): readonly RawEvent[] {
  const { profileId, traits, atMs } = given;
  const bySource = new Map<string, Record<string, unknown>>([['relance', {}]]);
  for (const [name, value] of Object.entries(traits)) {
    const source = profile.traits[name]?.master[0] ?? 'relance';
    const said = bySource.get(source) ?? {};
    said[name] = value;
    bySource.set(source, said);
  }
  return [...bySource].map(([source, said]) => ({
    ...engineEvent({
      ...plain(profileId, atMs),
      messageId: `${profileId}/traits/${source}/${atMs}`,
      name: 'identify',
      source,
    }),
    traits: said,
  }));
}

function consentEvent(
  given: {
    readonly profileId: string;
    readonly key: string;
    readonly consent: TestProfile['consents'][string];
    readonly atMs: EpochMs;
  },
  { policies }: Pick<CompiledWorkspace, 'policies'>,
): RawEvent {
  const { profileId, key, consent, atMs } = given;
  const channel = key.slice(0, key.indexOf('.'));
  const purpose = key.slice(key.indexOf('.') + 1);
  const stated: { status: string; basis?: string | undefined; proof?: string | undefined } =
    typeof consent === 'string' ? { status: consent } : consent;
  const basis = policies.purposes.find(({ id }) => id === purpose)?.basis[0] ?? 'opt_in';
  return engineEvent({
    ...plain(profileId, atMs),
    messageId: `${profileId}/${key}`,
    name: 'consent_changed',
    source: 'test',
    properties: {
      channel,
      purpose,
      status: stated.status,
      basis: stated.basis ?? basis,
      proof: stated.proof ?? 'test',
    },
  });
}
