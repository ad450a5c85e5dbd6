import { expect, it } from 'vitest';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { ruleProblem } from './index.js';

async function told(schedule: string): Promise<readonly string[]> {
  const { files } = await readWorkspaceFolder('scenarios');
  const text = `scenario: weekly
name: { fr: Hebdo, en: Weekly }
purpose: marketing
entry: { schedule: { ${schedule} } }
steps:
  - exit: done
`;
  const { problems } = lintWorkspace(new Map(files).set('weekly.yaml', text), [], ruleProblem);
  return problems.map(({ code, place }) => `${place?.line} ${code}`);
}

it.each([
  'FREQ=WEEKLY;BYDAY=MO',
  'FREQ=HOURLY',
  'FREQ=MONTHLY;BYDAY=-1FR',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=DAILY;COUNT=3',
])('%s can be followed', async (rule) => {
  expect(await told(`rrule: "${rule}", at: "08:00"`)).toEqual([]);
});

it.each([
  ['FREQ=SOMETIMES', 'RLN-1222'],
  ['BYDAY=MO', 'RLN-1222'],
  ['FREQ=WEEKLY;BYDAY=XX', 'RLN-1222'],
  ['FREQ=WEEKLY;BYDAI=MO', 'RLN-1222'],
  ['FREQ=DAILY;FREQ=WEEKLY', 'RLN-1222'],
  ['FREQ=DAILY;DTSTART=20240101T080000Z', 'RLN-1222'],
  ['FREQ=DAILY;INTERVAL=0', 'RLN-1222'],
  ['FREQ=DAILY;BYMONTHDAY=77', 'RLN-1222'],
  ['FREQ=MINUTELY', 'RLN-1223'],
  ['FREQ=SECONDLY;INTERVAL=7200', 'RLN-1223'],
  ['FREQ=HOURLY;BYMINUTE=0,30', 'RLN-1223'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'RLN-1224'],
  ['FREQ=DAILY;UNTIL=20200101T000000Z', 'RLN-1224'],
])('%s is refused: %s', async (rule, code) => {
  expect(await told(`rrule: "${rule}", at: "08:00"`)).toEqual([`4 ${code}`]);
});
