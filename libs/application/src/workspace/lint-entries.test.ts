import { describe, expect, it } from 'vitest';
import type { Entry } from '#libs/scenario';
import { entryText } from '../console/words/entries.js';
import { changed } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';

const withEntry = (entry: string, rest = 'steps:\n  - exit: done\n'): string =>
  `scenario: entered
name: { fr: Entrée, en: Entered }
purpose: marketing
entry: ${entry}
${rest}`;

function lint(entry: string, rest?: string) {
  return lintWorkspace(changed({ 'entered.yaml': withEntry(entry, rest) }));
}

function told(entry: string, rest?: string): readonly string[] {
  return lint(entry, rest).problems.map(
    ({ code, place }) => `${place?.line}:${place?.column} ${code}`,
  );
}

function compiled(entry: string): Entry {
  const { workspace, problems } = lint(entry);
  expect(problems).toEqual([]);
  const found = workspace?.definitions.find(({ scenario }) => scenario === 'entered');
  if (found === undefined) throw new Error('the scenario did not compile');
  return found.entry;
}

describe('entries by date, by schedule and on request', () => {
  const tries: readonly (readonly [string, string, readonly string[]])[] = [
    ['two ways in', '{ on: cart_updated, api: true }', ['4:8 RLN-1220']],
    [
      'a date and a schedule',
      '{ date: { trait: birthday, at: "09:00" }, schedule: { rrule: FREQ=DAILY, at: "09:00" } }',
      ['4:8 RLN-1220'],
    ],
    ['no way in', '{ reentry: never }', ['4:8 RLN-1210']],
    ['an unknown trait', '{ date: { trait: birthdai, at: "09:00" } }', ['4:25 RLN-1301']],
    ['a trait that is no date', '{ date: { trait: country, at: "09:00" } }', ['4:25 RLN-1221']],
    [
      'an unknown segment',
      '{ schedule: { rrule: FREQ=DAILY, at: "09:00", segment: nobody } }',
      ['4:63 RLN-1301'],
    ],
    [
      'the zone of the account',
      '{ date: { trait: birthday, at: "09:00", zone: account } }',
      ['4:54 RLN-1103'],
    ],
    [
      'an offset of hours',
      '{ date: { trait: birthday, at: "09:00", offset: -7h } }',
      ['4:56 RLN-1103'],
    ],
    [
      'what is no rule at all',
      '{ schedule: { rrule: every monday, at: "09:00" } }',
      ['4:29 RLN-1103'],
    ],
    ['api: false', '{ api: false }', ['4:15 RLN-1103']],
    [
      'existing with a date',
      '{ date: { trait: birthday, at: "09:00" }, existing: enter }',
      ['4:60 RLN-1214'],
    ],
    [
      'an event where there is none',
      '{ date: { trait: birthday, at: "09:00" }, when: event.total > 3.0 }',
      ['4:56 RLN-1501'],
    ],
    [
      'a key by the event where there is none',
      '{ schedule: { rrule: FREQ=DAILY, at: "09:00" }, key: event.id }',
      ['4:61 RLN-1501'],
    ],
  ];
  for (const [name, entry, problems] of tries) {
    it(`tells ${name}`, () => expect(told(entry)).toEqual(problems));
  }

  it('tells of what is read of an entry without an event', () => {
    const rest =
      'steps:\n  - split:\n      - { when: entry.total > 3.0, then: [] }\n      - { otherwise: true, then: [] }\n  - exit: done\n';
    expect(told('{ date: { trait: birthday, at: "09:00" } }', rest)).toHaveLength(1);
    expect(told('{ api: true }', rest)).toEqual([]);
  });

  it('compiles what was written, each occurrence an entry unless said otherwise', () => {
    expect(
      compiled(
        '{ date: { trait: birthday, offset: -1w, at: "09:00" }, when: profile.country == "FR" }',
      ),
    ).toEqual({
      on: [],
      when: 'profile.country == "FR"',
      reentry: 'always',
      existing: 'ignore',
      date: {
        trait: 'birthday',
        every: 'year',
        offsetDays: -7,
        time: '09:00',
        zone: 'profile',
        onGap: 'later',
        onOverlap: 'first',
        leapDay: 'before',
      },
    });
    expect(
      compiled(
        '{ schedule: { rrule: FREQ=WEEKLY;BYDAY=MO, at: "08:00", segment: vip, zone: Europe/Paris }, reentry: { after: 30d } }',
      ),
    ).toEqual({
      on: [],
      reentry: { afterMs: 30 * 86_400_000 },
      existing: 'ignore',
      schedule: {
        rrule: 'FREQ=WEEKLY;BYDAY=MO',
        from: '2024-01-01',
        time: '08:00',
        zone: { name: 'Europe/Paris' },
        onGap: 'later',
        onOverlap: 'first',
        segment: 'vip',
      },
    });
    expect(compiled('{ api: true, when: event.total > 3.0, key: event.order }')).toEqual({
      on: ['relance_enrol_requested'],
      when: 'event.total > 3.0',
      key: 'event.order',
      reentry: 'never',
      existing: 'ignore',
      requested: true,
    });
  });

  it('is said in both languages', () => {
    const names = {
      action: (id: string) => id,
      segment: (id: string) => id,
      event: () => undefined,
    };
    const said = (entry: string) =>
      (['fr', 'en'] as const).map((locale) => entryText(compiled(entry), locale, names));
    expect(said('{ date: { trait: birthday, offset: -7d, at: "09:00" } }')).toEqual([
      'chaque anniversaire de la date « birthday », 7 j avant, à 09:00 (heure de la personne)',
      'each anniversary of “birthday”, 7 d before, at 09:00 (the person’s time)',
    ]);
    expect(
      said('{ date: { trait: birthday, every: once, offset: 2d, at: "09:00", zone: workspace } }'),
    ).toEqual([
      'le jour de la date « birthday », 2 j après, à 09:00 (heure de l’espace de travail)',
      'the day of “birthday”, 2 d after, at 09:00 (the workspace’s time)',
    ]);
    expect(
      said('{ schedule: { rrule: "FREQ=WEEKLY;BYDAY=MO,TH", at: "08:00", segment: vip } }'),
    ).toEqual([
      'le segment « vip », chaque semaine (lun. jeu.), à 08:00 (heure de l’espace de travail)',
      'the segment “vip”, every week (Mon Thu), at 08:00 (the workspace’s time)',
    ]);
    expect(
      said('{ schedule: { rrule: "FREQ=MONTHLY;BYDAY=-1FR", at: "08:00", zone: Europe/Paris } }'),
    ).toEqual([
      'tout le monde, FREQ=MONTHLY;BYDAY=-1FR, à 08:00 (Europe/Paris)',
      'everybody, FREQ=MONTHLY;BYDAY=-1FR, at 08:00 (Europe/Paris)',
    ]);
    expect(said('{ api: true }')[1]).toBe('a request of a program or of another scenario');
  });
});
