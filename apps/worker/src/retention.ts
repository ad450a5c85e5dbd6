import type { CompiledWorkspace } from '#libs/application';

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, mo: 31, y: 366 };

/** Whole days of a retention as relance.yaml writes it; months and years at their longest. */
export function retentionDays(text: string): number {
  const [, amount = '0', unit = 'd'] = /^(\d+)(d|w|mo|y)$/.exec(text) ?? [];
  return Number(amount) * (DAYS[unit] ?? 1);
}

/** How long events and results are kept; without a workspace, what relance.yaml defaults to. */
export function keptDays(compiled: CompiledWorkspace | null): {
  readonly events: number;
  readonly results: number;
} {
  const { events, prospects } = compiled?.relance.retention ?? { events: '13mo', prospects: '3y' };
  return { events: retentionDays(events), results: retentionDays(prospects) };
}
