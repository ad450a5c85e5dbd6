import { describe, expect, it } from 'vitest';
import {
  FRANCE_DEFAULTS,
  nextOpeningOf,
  quietHoursQuestion,
  type OpenHours,
  type QuietHoursPlace,
  type QuietHoursRule,
} from './index.js';

const known = {
  isZone: (name: string) => ['Europe/Paris', 'Indian/Reunion'].includes(name),
  isCountry: (country: string) => country === 'FR',
};
const PLACE: QuietHoursPlace = {
  channel: 'sms',
  profileZone: 'Indian/Reunion',
  workspaceZone: 'Europe/Paris',
  profileCountry: null,
  workspaceCountry: 'FR',
};

function asked(more: Partial<QuietHoursPlace>, rules = FRANCE_DEFAULTS.quiet_hours): unknown {
  const question = quietHoursQuestion(rules, { ...PLACE, ...more }, known);
  if ('kind' in question) return question.kind === 'unknown' ? question.reason : question.kind;
  return question.groups.map(({ zone, windows }) =>
    [zone, ...windows.map(({ from, to, country }) => `${from}-${to} ${country}`)].join(' '),
  );
}

describe('quietHoursQuestion', () => {
  it('asks in the zone of the person, else of the workspace', () => {
    expect(asked({})).toEqual(['Indian/Reunion 08:00-20:00 FR']);
    expect(asked({ profileZone: null })).toEqual(['Europe/Paris 08:00-20:00 FR']);
    expect(asked({ profileZone: 'Mars/Base' })).toEqual(['Europe/Paris 08:00-20:00 FR']);
    expect(asked({ profileZone: null, workspaceZone: '' })).toBe('zone_unknown');
  });
  it('asks in the zone a rule names', () => {
    const [sms] = FRANCE_DEFAULTS.quiet_hours as [QuietHoursRule];
    const zoned = (zone: string): unknown => asked({}, [{ ...sms, zone }]);
    expect(zoned('workspace')).toEqual(['Europe/Paris 08:00-20:00 FR']);
    expect(zoned('Indian/Reunion')).toEqual(['Indian/Reunion 08:00-20:00 FR']);
    expect(zoned('Nowhere')).toEqual(['Europe/Paris 08:00-20:00 FR']);
  });
  it('asks for the holidays of the person, else of the workspace, else refuses', () => {
    expect(asked({ profileCountry: 'Atlantis' })).toEqual(['Indian/Reunion 08:00-20:00 FR']);
    expect(asked({ workspaceCountry: null })).toBe('country_unknown');
    // E-mail minds no holiday, so needs no country.
    const email = { channel: 'email', workspaceCountry: null };
    expect(asked(email)).toEqual(['Indian/Reunion 07:00-21:00 null']);
  });
  it('lists every window, and nothing for a channel without rules', () => {
    const call = ['Indian/Reunion 10:00-13:00 FR 14:00-20:00 FR'];
    expect(asked({ channel: 'call' })).toEqual(call);
    expect(asked({ channel: 'task' })).toBe('unrestricted');
  });
});

describe('nextOpeningOf', () => {
  // A clock of 24 whole numbers a day; a window opens at `from` and is found by counting.
  const calendar = {
    nextOpening(hours: OpenHours, _zone: string, atMs: number): number | null {
      const [from, to] = [Number(hours.from), Number(hours.to)];
      if (from >= to) return null;
      let found = atMs;
      while (found % 24 < from || found % 24 >= to) found += 1;
      return found;
    },
  };
  const at = (...groups: (readonly [number, number])[][]): ((hour: number) => number | null) => {
    const question = {
      otherwise: 'wait' as const,
      groups: groups.map((windows) => ({
        zone: 'z',
        windows: windows.map(([from, to]) => ({ from: `${from}`, to: `${to}`, country: null })),
      })),
    };
    return (hour) => nextOpeningOf(question, calendar, hour);
  };
  it('takes the earliest window of a group', () => {
    const opens = at([
      [10, 13],
      [14, 20],
    ]);
    expect([9, 12, 13, 20].map(opens)).toEqual([10, 12, 14, 34]);
  });
  it('wants every group open at once', () => {
    const opens = at([[8, 12]], [[10, 20]]);
    expect([7, 10, 12].map(opens)).toEqual([10, 10, 34]);
  });
  it('gives up on groups that never meet, and on one that never opens', () => {
    expect(at([[8, 10]], [[10, 20]])(0)).toBe(null);
    expect(at([[8, 10]], [[10, 10]])(0)).toBe(null);
  });
});
