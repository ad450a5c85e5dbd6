import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdentityGraph, type Resolution } from './identity-graph.js';
import { readIds } from './normalise.js';
import type { ProfileRules } from './rules.js';

const DAY_MS = 86_400_000;
const rules: ProfileRules = {
  identities: [
    { ns: 'customer_id', unique: true, mergeable: 'always', normalise: 'text', from: ['erp'] },
    { ns: 'user_id', unique: true, mergeable: 'always', normalise: 'text' },
    { ns: 'email', unique: false, limit: 3, mergeable: 'verified', normalise: 'email' },
    { ns: 'phone', unique: false, limit: 3, mergeable: 'never', normalise: 'text' },
    {
      ns: 'anonymous_id',
      unique: false,
      limit: 2,
      windowMs: 90 * DAY_MS,
      mergeable: 'always',
      normalise: 'text',
    },
  ],
  sources: { erp: { kind: 'offline' }, web: { kind: 'online' } },
  traits: {},
  aggregates: [],
  accounts: { key: 'group_id', also: [], ownerFrom: '' },
  currency: 'EUR',
};

function see(
  graph: IdentityGraph,
  ids: Record<string, string>,
  given: { source?: string; verified?: string[]; atMs?: number } = {},
): Resolution {
  const { source = 'web', verified = [], atMs = 1_000 } = given;
  const read = readIds({ ids, source, verified }, rules, (text) => text);
  return graph.resolve({
    ids: read.usable,
    atMs,
    newProfileId: ({ ns, value }) => `${ns}:${value}`,
  });
}

/** People as sets of ids, for comparison whatever their profile ids are. */
function people(graph: IdentityGraph): readonly string[] {
  return [...graph.profiles.values()]
    .map(({ identities }) =>
      [...identities.values()]
        .map(({ ns, value }) => `${ns}=${value}`)
        .sort()
        .join(' '),
    )
    .sort();
}

describe('identity', () => {
  it('ties a device to whoever logs in on it', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { anonymous_id: 'a' });
    see(graph, { user_id: 'u' });
    const { merges } = see(graph, { anonymous_id: 'a', user_id: 'u' });
    expect(merges).toEqual([
      {
        into: 'user_id:u',
        from: 'anonymous_id:a',
        by: 'anonymous_id',
        nodeIds: ['anonymous_id:a'],
      },
    ]);
    expect(people(graph)).toEqual(['anonymous_id=a user_id=u']);
  });

  it('never puts two users together for one tablet', () => {
    const graph = new IdentityGraph(rules);
    for (let user = 0; user < 50; user += 1) see(graph, { anonymous_id: 't', user_id: `u${user}` });
    expect(graph.merges).toEqual([]);
    expect(graph.profiles.size).toBe(50);
  });

  it('joins by an address only where the source vouches for it', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { customer_id: 'c', email: 'A@b.fr' }, { source: 'erp' });
    see(graph, { user_id: 'u' });
    expect(see(graph, { user_id: 'u', email: 'a@b.fr' }).refused).toEqual([
      { ns: 'email', reason: 'not_mergeable', profileId: 'user_id:u', otherId: 'customer_id:c' },
    ]);
    see(graph, { user_id: 'u', email: 'a@b.fr' }, { verified: ['email'] });
    expect(people(graph)).toEqual(['customer_id=c email=a@b.fr user_id=u']);
  });

  it('finds by a phone, never joins by it', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { user_id: 'u', phone: '+331' });
    expect(see(graph, { phone: '+331' }).profileId).toBe('user_id:u');
    see(graph, { user_id: 'v', phone: '+331' });
    expect(people(graph)).toEqual(['phone=+331 user_id=u', 'user_id=v']);
  });

  it('counts a limit within its window', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { user_id: 'u', anonymous_id: 'a' }, { atMs: 0 });
    see(graph, { user_id: 'u', anonymous_id: 'b' }, { atMs: DAY_MS });
    const refused = see(graph, { user_id: 'u', anonymous_id: 'c' }, { atMs: 2 * DAY_MS }).refused;
    expect(refused).toEqual([
      { ns: 'anonymous_id', reason: 'limit_reached', profileId: 'user_id:u' },
    ]);
    see(graph, { user_id: 'u', anonymous_id: 'd' }, { atMs: 95 * DAY_MS });
    expect(people(graph)).toEqual(['anonymous_id=a anonymous_id=b anonymous_id=d user_id=u']);
  });

  it('keeps apart what was taken apart', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { user_id: 'u' });
    see(graph, { anonymous_id: 'a' });
    graph.profiles.get('user_id:u')?.apartFrom.add('anonymous_id:a');
    expect(see(graph, { user_id: 'u', anonymous_id: 'a' }).refused[0]?.reason).toBe('cannot_link');
  });

  it('takes no id that stands for nobody, or from a source that may not give it', () => {
    const ids = {
      user_id: 'null',
      anonymous_id: '00000',
      customer_id: 'c',
      nothing: 'x',
      email: 'no',
    };
    const read = readIds({ ids, source: 'web' }, rules, () => null);
    expect(read.usable).toEqual([]);
    expect(read.refused.map(({ reason }) => reason).sort()).toEqual([
      'blocked_value',
      'blocked_value',
      'not_normalisable',
      'source_not_allowed',
      'unknown_namespace',
    ]);
  });

  it('the survivor holds the strongest unique id, and the group of the earliest seen', () => {
    const graph = new IdentityGraph(rules);
    see(graph, { anonymous_id: 'a' }, { atMs: 1 });
    see(graph, { user_id: 'u' }, { atMs: 5 });
    see(graph, { anonymous_id: 'a', user_id: 'u' }, { atMs: 9 });
    const profile = graph.profiles.get('user_id:u');
    expect(profile).toMatchObject({ groupUnit: 'anonymous_id:a', firstSeenMs: 1 });
  });

  it('comes to the same people in any order', () => {
    // Each person has one user id, some devices and a confirmed address; nobody shares.
    const person = fc.record({ devices: fc.integer({ min: 1, max: 2 }), hasEmail: fc.boolean() });
    const world = fc.array(person, { minLength: 1, maxLength: 5 }).chain((all) => {
      const sightings = all.flatMap(({ devices, hasEmail }, index) => {
        const user_id = `u${index}`;
        const found: Record<string, string>[] = [];
        for (let device = 0; device < devices; device += 1) {
          const anonymous_id = `a${index}${device}`;
          found.push({ anonymous_id }, { anonymous_id, user_id });
        }
        if (hasEmail) {
          const email = `p${index}@x.fr`;
          found.push({ email }, { email, user_id }, { email, anonymous_id: `a${index}0` });
        }
        return found;
      });
      return fc.tuple(
        fc.constant(sightings),
        fc.shuffledSubarray(sightings, { minLength: sightings.length }),
      );
    });
    fc.assert(
      fc.property(world, ([some, shuffled]) => {
        const [left, right] = [new IdentityGraph(rules), new IdentityGraph(rules)];
        for (const ids of some) see(left, ids, { verified: ['email'] });
        for (const ids of shuffled) see(right, ids, { verified: ['email'] });
        expect(people(right)).toEqual(people(left));
      }),
      { numRuns: 300 },
    );
  });
});
