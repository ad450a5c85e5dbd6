import type { PlacedLine } from '#libs/application';
import type { TestExpectation } from '#libs/contracts';
import type { EpochMs, Place } from '#libs/kernel';
import type { Happening } from '../happening.js';

/** Kinds of happening that a person of a test, or those who look on, would notice. */
export type Noticed = Exclude<Happening['kind'], 'step' | 'reward'>;

/** One thing expected: fields that are absent may be anything. */
export interface Wanted {
  readonly kind: Noticed | 'waiting' | 'nothing';
  readonly fields: Readonly<Record<string, string | number>>;
}

/** Where the person stands. */
export interface Standing {
  readonly stepId: string;
  readonly untilMs: EpochMs | null;
}

/** An expectation that was not met. */
export interface Failure {
  readonly place: Place;
  readonly atMs: EpochMs;
  readonly expected: readonly Wanted[];
  /** What happened of that kind since it was last looked at. */
  readonly found: readonly Happening[];
  readonly standing: readonly Standing[];
}

/** Kinds of which one that fits is enough: events that enter nobody are many. */
const ANY_WILL_DO: ReadonlySet<string> = new Set(['not_entered', 'goal']);
const QUIET: ReadonlySet<string> = new Set(['step', 'not_entered', 'reward']);

/** Reads what happened against what each line expects; every happening is looked at once a kind. */
export class Examiner {
  private readonly seen = new Map<string, number>();
  private lastLook = 0;

  constructor(
    private readonly trace: readonly Happening[],
    private readonly instantOf: (text: string) => EpochMs,
  ) {}

  /** What of a line was not met; null where all of it was. */
  examine(
    line: PlacedLine,
    now: { readonly atMs: EpochMs; readonly standing: readonly Standing[] },
  ): Failure | null {
    const { expect, expectPlace: place } = line;
    if (expect === undefined) return null;
    const expected: Wanted[] = [];
    const found: Happening[] = [];
    for (const [kind, wanted] of wantedOf(expect, this.instantOf)) {
      const seen = kind === 'nothing' ? this.rest(expect) : this.windowOf(kind);
      this.seen.set(kind, this.trace.length);
      if (isMet(kind, wanted, { seen, standing: now.standing })) continue;
      // An empty list expects none of a kind: then what was found tells enough.
      expected.push(...wanted);
      found.push(...seen);
    }
    this.lastLook = this.trace.length;
    const isFailed = expected.length > 0 || found.length > 0;
    return isFailed ? { place, ...now, expected, found } : null;
  }

  /** What happened since the last expectation, less the kinds that this one names. */
  private rest(expect: TestExpectation): readonly Happening[] {
    return this.trace
      .slice(this.lastLook)
      .filter(({ kind }) => !QUIET.has(kind) && !Object.hasOwn(expect, kind));
  }

  private windowOf(kind: Wanted['kind']): readonly Happening[] {
    return this.trace.slice(this.seen.get(kind) ?? 0).filter((one) => one.kind === kind);
  }
}

function isMet(
  kind: Wanted['kind'],
  wanted: readonly Wanted[],
  now: { readonly seen: readonly Happening[]; readonly standing: readonly Standing[] },
): boolean {
  if (kind === 'waiting') {
    return wanted.every((one) => now.standing.some((stand) => stands(one, stand)));
  }
  return kind === 'nothing' ? now.seen.length === 0 : isFound(kind, wanted, now.seen);
}

function isFound(
  kind: Wanted['kind'],
  wanted: readonly Wanted[],
  found: readonly Happening[],
): boolean {
  if (ANY_WILL_DO.has(kind)) return wanted.every((one) => found.some((each) => fits(one, each)));
  return (
    wanted.length === found.length &&
    wanted.every((one, index) => {
      const each = found[index];
      return each !== undefined && fits(one, each);
    })
  );
}

function fits({ fields }: Wanted, happening: Happening): boolean {
  const given = happening as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(fields).every(([name, value]) => given[name] === value);
}

function stands({ fields }: Wanted, { stepId, untilMs }: Standing): boolean {
  const { stepId: wanted, untilMs: until } = fields;
  return wanted === stepId && (until === undefined || until === untilMs);
}

/** Names of fields as tests write them, and as happenings have them. */
const FIELDS: Readonly<Record<string, string>> = {
  step: 'stepId',
  at: 'atMs',
  until: 'untilMs',
  due: 'dueAtMs',
};
const INSTANTS: ReadonlySet<string> = new Set(['at', 'until', 'due']);
/** What a plain text stands for. */
const PLAIN: Readonly<Record<string, string>> = { ended: 'as', waiting: 'step' };

function wantedOf(
  expect: TestExpectation,
  instantOf: (text: string) => EpochMs,
): readonly (readonly [Wanted['kind'], readonly Wanted[]])[] {
  return Object.entries(expect).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const kind = key as Wanted['kind'];
    const each = [value].flat() as readonly (string | true | Readonly<Record<string, unknown>>)[];
    return [[kind, each.map((one) => ({ kind, fields: fieldsOf(kind, one, instantOf) }))] as const];
  });
}

function fieldsOf(
  kind: Wanted['kind'],
  one: string | true | Readonly<Record<string, unknown>>,
  instantOf: (text: string) => EpochMs,
): Wanted['fields'] {
  if (one === true) return {};
  const written = typeof one === 'string' ? plainFields(kind, one) : one;
  const fields: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(written)) {
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const isInstant = INSTANTS.has(name) && typeof value === 'string';
    fields[FIELDS[name] ?? name] = isInstant ? instantOf(value) : value;
  }
  return fields;
}

function plainFields(kind: Wanted['kind'], text: string): Readonly<Record<string, unknown>> {
  if (kind !== 'decided') return { [PLAIN[kind] ?? 'action']: text };
  const [action, treatment] = text.split('/');
  return treatment === undefined ? { action } : { action, treatment };
}
