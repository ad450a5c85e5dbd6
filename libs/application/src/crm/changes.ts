import { canonicalJson, fail, hashId, ok, type EpochMs, type Result } from '#libs/kernel';
import { utcDayOf, type CrmConfig, type RawEvent } from '#libs/contracts';
import type { DateReader } from '../import/date.js';
import type { CrmTask } from './outbox-ports.js';
import type { Change, RefusalCode, Stream } from './ports.js';
import { consentOf, statusOf, taskOutcomeOf, textOf } from './row-values.js';

/** Something a CRM says, before it is known whether it says it anew. */
export interface Statement {
  /** What it is about. */
  readonly key: string;
  /** Hash of what is said. */
  readonly hash: string;
  /** An account without a person goes to the accounts; everything else to the log. */
  readonly kind: 'event' | 'account';
  readonly event: Omit<RawEvent, 'messageId'>;
}

/** Why a change makes no statement. */
export interface ChangeRefusal {
  readonly code: RefusalCode;
  readonly detail: string;
}

type Section = NonNullable<CrmConfig['pull']['contacts']>;
type Made = Result<readonly Statement[], ChangeRefusal>;

/** Section of `pull` that maps a stream. */
export const SECTIONS: Readonly<Partial<Record<Stream, keyof CrmConfig['pull']>>> = {
  contact: 'contacts',
  account: 'accounts',
  targetList: 'targets',
  complaint: 'complaints',
  task: 'tasks',
};

/** Changes without a time of their own are deduped under this day for ever. */
const TIMELESS_DAY = '1970-01-01';
const DAY_MS = 86_400_000;
const LARGEST_EVENT = 256 * 1_024;
const LONGEST_DETAIL = 60;

function refuse(code: RefusalCode, detail = ''): Result<never, ChangeRefusal> {
  return fail({ code, detail: detail.slice(0, LONGEST_DETAIL) });
}

/** Turns records of a CRM into events by the columns that its file names. Deterministic. */
export class ChangeMapper {
  constructor(
    private readonly config: CrmConfig,
    private readonly dates: DateReader,
    private readonly nowMs: EpochMs,
  ) {}

  /** `taskOf` finds the task that a key of the CRM means. */
  map(stream: Stream, change: Change, taskOf: (key: string) => CrmTask | undefined): Made {
    const name = SECTIONS[stream];
    const section = name === undefined ? undefined : this.config.pull[name];
    if (section === undefined) return refuse('not_configured', stream);
    const at = this.instant(section, change, name === 'tasks' ? 'closedAt' : 'at');
    if (!at.ok) return at;
    const made = this.of(stream, { section, change, atMs: at.value, taskOf });
    if (!made.ok) return made;
    const isLarge = made.value.some((one) => JSON.stringify(one.event).length > LARGEST_EVENT);
    return isLarge ? refuse('too_large') : made;
  }

  private of(stream: Stream, given: Given): Made {
    if (stream === 'contact') return this.contact(given);
    if (stream === 'account') return this.account(given);
    if (stream === 'targetList') return this.target(given);
    if (stream === 'complaint') return this.complaint(given);
    return this.task(given);
  }

  /** Key under which a task is known to the CRM; empty where the row has none. */
  taskKey(change: Change): string {
    return this.field(this.config.pull.tasks, change, 'key');
  }

  private field(section: Section | undefined, change: Change, name: string): string {
    const column = section?.fields[name] ?? name;
    return Object.hasOwn(change.data, column) ? textOf(change.data[column]) : '';
  }

  private instant(
    section: Section,
    change: Change,
    name: string,
  ): Result<EpochMs | null, ChangeRefusal> {
    const text = this.field(section, change, name) || change.modifiedAt;
    if (text === '') return ok(null);
    const atMs = this.dates.read(text);
    if (atMs === null || atMs > this.nowMs + DAY_MS) return refuse('bad_date', text);
    return ok(atMs);
  }

  private ids(section: Section, change: Change): Record<string, string> {
    const ids: Record<string, string> = {};
    for (const [ns, column] of Object.entries(section.identity ?? {})) {
      const text = Object.hasOwn(change.data, column) ? textOf(change.data[column]) : '';
      if (text !== '') ids[ns] = text.slice(0, 512);
    }
    return ids;
  }

  private contact({ section, change, atMs }: Given): Made {
    const ids = this.ids(section, change);
    const [first] = Object.entries(ids);
    if (first === undefined) return refuse('no_key');
    const traits: Record<string, unknown> = {};
    for (const [trait, column] of Object.entries(section.traits)) {
      const value = Object.hasOwn(change.data, column) ? change.data[column] : undefined;
      const kept = typeof value === 'string' ? value.trim() : value;
      // A blank cell says nothing; taking a value back is said by an explicit null.
      if (kept !== undefined && kept !== '') traits[trait] = kept;
    }
    const who = `contact/${first[0]}:${first[1]}`;
    const account = this.accountOf(section, change);
    const statement = this.statement(who, atMs, {
      type: 'identify',
      name: 'identify',
      ids,
      traits,
      ...(account === undefined ? {} : { account }),
      properties: {},
    });
    const consents = this.consents({ section, change, atMs, who, ids });
    return consents.ok ? ok([statement, ...consents.value]) : consents;
  }

  private accountOf(section: Section, change: Change): RawEvent['account'] {
    const ids: Record<string, string> = {};
    for (const ns of ['account_id', 'crm_id', 'siren']) {
      const text = section.fields[ns] === undefined ? '' : this.field(section, change, ns);
      if (text !== '') ids[ns] = text;
    }
    if (Object.keys(ids).length === 0) return undefined;
    const role = section.fields['role'] === undefined ? '' : this.field(section, change, 'role');
    return { ids, ...(role === '' ? {} : { role: role.slice(0, 64) }) };
  }

  private consents(given: {
    readonly section: Section;
    readonly change: Change;
    readonly atMs: EpochMs | null;
    readonly who: string;
    readonly ids: Record<string, string>;
  }): Made {
    const { section, change, atMs, who, ids } = given;
    const made: Statement[] = [];
    for (const [name, column] of Object.entries(section.consents)) {
      const text = Object.hasOwn(change.data, column) ? textOf(change.data[column]) : '';
      if (text === '') continue;
      const status = consentOf(text);
      if (status === undefined) return refuse('bad_value', `${column}: ${text}`);
      // A consent given to the CRM is not ours to use: only what restricts is believed.
      if (status === 'granted' && this.config.policy.consent_from_crm !== 'all') continue;
      const [channel = '', purpose = ''] = name.split('.');
      const properties = { channel, purpose, status, proof: `crm:${this.config.connector}` };
      made.push(
        this.statement(`${who}/consent/${name}`, atMs, {
          type: 'track',
          name: 'consent_changed',
          ids,
          properties,
        }),
      );
    }
    return ok(made);
  }

  private account({ section, change, atMs }: Given): Made {
    const ids = this.ids(section, change);
    const [first] = Object.entries(ids);
    if (first === undefined) return refuse('no_key');
    const traits: Record<string, unknown> = {};
    for (const name of Object.keys(section.fields)) {
      const text = this.field(section, change, name);
      if (text !== '' && name !== 'at') traits[name] = name === 'owner' ? text.toLowerCase() : text;
    }
    const base = { type: 'group', name: 'group', ids: {}, properties: {} } as const;
    const said = { ...base, account: { ids, traits } };
    const statement = this.statement(`account/${first[0]}:${first[1]}`, atMs, said);
    return ok([{ ...statement, kind: 'account' }]);
  }

  private target({ section, change, atMs }: Given): Made {
    const ids = this.ids(section, change);
    const [first] = Object.entries(ids);
    const list = this.field(section, change, 'list').slice(0, 200);
    if (first === undefined || list === '') return refuse('no_key');
    const key = `target/${list}/${first[0]}:${first[1]}`;
    const properties = { ...this.others(section, change, ['list', 'at']), list };
    const said = { type: 'track', name: 'target_listed', ids, properties } as const;
    return ok([this.statement(key, atMs, said)]);
  }

  private complaint({ section, change, atMs }: Given): Made {
    const ids = this.ids(section, change);
    const id = this.field(section, change, 'complaint_id').slice(0, 200);
    if (Object.keys(ids).length === 0 || id === '') return refuse('no_key');
    const text = this.field(section, change, 'status');
    const status = statusOf(text);
    if (status === undefined) return refuse('bad_value', text);
    const name = status === 'open' ? 'complaint_opened' : 'complaint_closed';
    const known = ['complaint_id', 'status', 'at'];
    const properties = { ...this.others(section, change, known), complaint_id: id };
    const said = { type: 'track', name, ids, properties } as const;
    return ok([this.statement(`complaint/${id}`, atMs, said)]);
  }

  private task({ section, change, atMs, taskOf }: Given): Made {
    const key = this.taskKey(change);
    if (key === '') return refuse('no_key');
    const text = this.field(section, change, 'status');
    const status = statusOf(text);
    if (status === undefined) return refuse('bad_value', text);
    if (status === 'open') return ok([]);
    const task = taskOf(key);
    if (task === undefined) return refuse('unknown_task', key);
    const told = this.field(section, change, 'outcome');
    const outcome = status === 'declined' ? 'declined' : told === '' ? 'done' : taskOutcomeOf(told);
    const said = {
      type: 'engine',
      name: 'relance_task_closed',
      source: 'relance',
      profileId: task.profileId,
      ids: {},
      properties: {
        task_id: task.id,
        outcome,
        ...(task.decisionId === null ? {} : { decision_id: task.decisionId }),
        ...(task.scenario === null ? {} : { scenario: task.scenario }),
        ...(atMs === null ? {} : { closed_at: new Date(atMs).toISOString() }),
      },
      ...(task.isSample ? { sample: true } : {}),
    } as const;
    // The engine hears of it now: a call closed the day before yesterday still wakes who waits.
    return ok([this.statement(`task/${task.id}`, null, said)]);
  }

  private others(
    section: Section,
    change: Change,
    taken: readonly string[],
  ): Record<string, string> {
    const found: Record<string, string> = {};
    for (const name of Object.keys(section.fields)) {
      const text = taken.includes(name) ? '' : this.field(section, change, name);
      if (text !== '') found[name] = text;
    }
    return found;
  }

  private statement(
    key: string,
    atMs: EpochMs | null,
    said: Pick<RawEvent, 'type' | 'name' | 'ids' | 'properties'> & Partial<RawEvent>,
  ): Statement {
    return {
      key: key.slice(0, 1_000),
      hash: hashId('crm-statement', canonicalJson([said, atMs])),
      kind: 'event',
      event: {
        source: this.config.source,
        ...said,
        atMs: atMs ?? this.nowMs,
        originalAtMs: atMs ?? this.nowMs,
        receivedAtMs: this.nowMs,
        hasTimestamp: atMs !== null,
        eventDay: atMs === null ? TIMELESS_DAY : utcDayOf(atMs),
        historical: false,
      },
    };
  }
}

interface Given {
  readonly section: Section;
  readonly change: Change;
  readonly atMs: EpochMs | null;
  readonly taskOf: (key: string) => CrmTask | undefined;
}
