import { shareOf, type CheckedFile } from '#libs/contracts';
import { WEEKDAYS, type Weekday } from '#libs/policy';
import { actionsNamed } from './actions-named.js';
import type { CompiledPolicies } from './compiled.js';
import type { ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';

const CHANNELS = ['email', 'sms', 'call', 'task'] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** A put-off send waits so long at most. */
const MOST_HOURS = 96;

/** Quiet hours that never open a channel, or so seldom that messages do not wait for it. */
export function checkQuietHours(
  list: ProblemList,
  { value, document }: CheckedFile<'policies'>,
): void {
  const rules = value.quiet_hours ?? [];
  for (const channel of CHANNELS) {
    const own = rules
      .map((rule, index) => ({ ...rule, index }))
      .filter((rule) => rule.channel === channel || rule.channel === 'any');
    const last = own.at(-1);
    if (last === undefined) continue;
    // Rules of different zones meet at other hours for each person: each is judged by itself.
    const groups = [...new Set(own.map(({ zone }) => zone))].map((zone) =>
      own.filter((rule) => rule.zone === zone),
    );
    const closed = groups.map((group) => longestClosed(group));
    const place = document.placeOf(['quiet_hours', last.index]);
    if (closed.includes(Infinity)) list.add('RLN-1311', place, { channel });
    else if (Math.max(...closed) > MOST_HOURS * 60) {
      const hours = Math.round(Math.max(...closed) / 60);
      list.add('RLN-1312', place, { channel, hours });
    }
  }
}

type Allowed = Extract<
  NonNullable<CheckedFile<'policies'>['value']['quiet_hours']>[number]['allow'],
  { from: string }
>;

/** Minutes of a week, without holidays, in which not all rules are open; the longest run of them. */
function longestClosed(rules: readonly { readonly allow: Allowed | readonly Allowed[] }[]): number {
  const windows = rules.map(({ allow }) => (Array.isArray(allow) ? allow : [allow]) as Allowed[]);
  let longest = 0;
  let run = 0;
  // Twice around the week, so that a run over its end is seen whole.
  for (let minute = 0; minute < 2 * WEEK_MINUTES; minute += 1) {
    const isOpen = windows.every((any) => any.some((one) => isWithin(one, minute)));
    run = isOpen ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest >= 2 * WEEK_MINUTES ? Infinity : longest;
}

function isWithin({ days, from, to }: Allowed, minute: number): boolean {
  const day: Weekday = WEEKDAYS[Math.floor(minute / DAY_MINUTES) % 7] ?? 'mon';
  if (days !== undefined && !days.includes(day)) return false;
  const clock = minute % DAY_MINUTES;
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start === end) return false;
  return start < end ? clock >= start && clock < end : clock >= start || clock < end;
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** Actions that caps of nought keep from ever going for a scenario's purpose. */
export function checkCaps(
  list: ProblemList,
  read: WorkspaceFiles,
  policies: CompiledPolicies,
): void {
  const actions = new Map(read.actions.map(({ value }) => [value.action, value]));
  for (const file of read.scenarios) {
    const { purpose } = file.value;
    const rule = policies.purposes.find(({ id }) => id === purpose);
    if (rule === undefined || rule.ignores?.includes('caps') === true) continue;
    const isBarred = (channel: string): boolean =>
      policies.caps.some(
        (cap) =>
          cap.max === 0 &&
          cap.purpose === purpose &&
          // A task is no message: the caps of all channels do not count it.
          (cap.channel === channel || (cap.channel === 'any' && channel !== 'task')),
      );
    for (const { action, path } of actionsNamed(file)) {
      const treatments = actions.get(action)?.treatments ?? [];
      if (treatments.length === 0 || !treatments.every((each) => isBarred(each.channel))) continue;
      const channels = [...new Set(treatments.map(({ channel }) => channel))].join(', ');
      list.add('RLN-1313', file.document.placeOf(path), { action, purpose, channels });
    }
  }
}

/** Groups of more people than there are; business as usual where a scenario asks for it. */
export function checkShares(list: ProblemList, { relance, scenarios }: WorkspaceFiles): void {
  if (relance === undefined) return;
  const { value, document } = relance;
  const isAsked = scenarios.some((file) =>
    JSON.stringify(file.value).includes('"business_as_usual":'),
  );
  const parts = [
    value.holdout,
    value.random_control,
    ...(isAsked ? [value.business_as_usual] : []),
  ];
  const total = parts.reduce((sum, { share }) => sum + shareOf(share), 0);
  if (total <= 1) return;
  const percent = `${Number((total * 100).toFixed(4))}%`;
  list.add('RLN-1319', document.placeOf(['holdout']), { total: percent });
}

/** SMS treatments where the workspace has nobody to send them. */
export function checkSmsSender(list: ProblemList, read: WorkspaceFiles): void {
  const senders = Object.values(read.relance?.value.senders ?? {});
  if (read.relance === undefined || senders.some(({ channel }) => channel === 'sms')) return;
  for (const { value, document } of read.actions) {
    for (const [index, treatment] of value.treatments.entries()) {
      // A sender that is named and is not there is told as an unknown name.
      if (treatment.channel !== 'sms' || treatment.sender !== undefined) continue;
      list.add('RLN-1314', document.placeOf(['treatments', index]));
    }
  }
}
