import type { EpochMs } from '#libs/kernel';

/** What a connector can do; whoever runs it asks nothing else of it. */
export interface Capabilities {
  readonly streams: readonly Stream[];
  readonly commands: readonly CommandType[];
  /** Commands it takes in one push. */
  readonly maxBatch: number;
  readonly quota: 'none' | 'calls' | 'tokens' | 'credits' | 'rate';
  /** `native`: the vendor dedupes by our key; `key`: the key is written; `search`: looked up first. */
  readonly idempotency: 'native' | 'key' | 'search';
}

/** Whether the other side answers. */
export interface Health {
  readonly ok: boolean;
  /** Closed code where it is not. */
  readonly code?: string;
  readonly message?: string;
  readonly quota?: { readonly used: number; readonly total: number; readonly resetsAt: string };
  /** Their clock less ours. */
  readonly clockSkewMs?: number;
  /** Fields that the mapping names and the CRM does not have. */
  readonly schemaDrift?: readonly string[];
}

/** What is read from a CRM. */
export type Stream =
  'contact' | 'account' | 'purchase' | 'consent' | 'targetList' | 'complaint' | 'score' | 'task';

/** Which page of a stream is wanted. */
export interface PullRequest {
  readonly stream: Stream;
  /** Opaque; null: from the beginning. */
  readonly cursor: string | null;
  readonly pageSize?: number;
  readonly listId?: string;
}

/** Changes as read; asking for the next page says that this one is safe. */
export interface PullPage {
  readonly changes: readonly Change[];
  readonly cursor: string;
  readonly more: boolean;
}

/** A record of the CRM as it is now. */
export interface Change {
  readonly op: 'upsert' | 'delete';
  readonly crmId: string;
  /** ISO 8601; empty where the CRM does not say. */
  readonly modifiedAt: string;
  readonly version?: string;
  /** Who changed it. */
  readonly by?: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Where it lies in what was read, for telling a refusal: line of a file. */
  readonly line?: number;
}

/** A campaign as a CRM knows it: a scenario. */
export interface CampaignRef {
  readonly id: string;
  readonly name: string;
}

/** How far a person came in a campaign (workspace.md, States). */
export const MEMBER_STATUSES = [
  'targeted',
  'sent',
  'delivered',
  'clicked',
  'responded',
  'ordered',
  'bounced',
  'unsubscribed',
] as const;

/** One of them. */
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

interface Base {
  /** Idempotency key, stable across retries. */
  readonly key: string;
  readonly contact: { readonly externalId: string; readonly crmId?: string };
}

/** Something a CRM is to be told. Times are ISO 8601 in UTC, amounts decimal text. */
export type Command =
  | (Base & {
      readonly type: 'upsertContact';
      readonly fields: Readonly<Record<string, unknown>>;
      readonly ifVersion?: string;
    })
  | (Base & {
      readonly type: 'membership';
      readonly campaign: CampaignRef;
      readonly status: MemberStatus;
      readonly at: string;
      readonly order?: { readonly ref: string; readonly amount: string; readonly currency: string };
    })
  | (Base & {
      readonly type: 'activity';
      readonly subject: string;
      readonly body: string;
      readonly at: string;
      readonly campaign?: CampaignRef;
    })
  | (Base & {
      readonly type: 'task';
      readonly subject: string;
      readonly body: string;
      readonly dueAt: string;
      readonly owner?: string;
      readonly nba?: {
        readonly action: string;
        readonly score: number;
        readonly reasons: readonly string[];
      };
    })
  | (Base & {
      readonly type: 'consent';
      readonly channel: string;
      readonly purpose: string;
      readonly state: 'granted' | 'denied';
      readonly basis: string;
      readonly at: string;
      readonly proof: string;
    })
  | (Base & {
      readonly type: 'deliverability';
      readonly channel: string;
      readonly address: string;
      readonly state: 'npai' | 'complaint' | 'ok';
      readonly code?: string;
      readonly at: string;
    })
  | (Base & {
      readonly type: 'scores';
      readonly values: Readonly<Record<string, number>>;
      readonly at: string;
    })
  | (Base & {
      readonly type: 'loyalty';
      readonly status: string;
      readonly points: number;
      readonly at: string;
    });

/** Kind of a command. */
export type CommandType = Command['type'];

/** In the order in which they are pushed: what the law asks first, what can wait last. */
export const COMMAND_TYPES: readonly CommandType[] = [
  'consent',
  'deliverability',
  'upsertContact',
  'task',
  'activity',
  'membership',
  'loyalty',
  'scores',
];

/** What became of one command. */
export type Outcome =
  | {
      readonly key: string;
      readonly ok: true;
      readonly crmId: string;
      readonly version?: string;
      readonly noop?: boolean;
    }
  | {
      readonly key: string;
      readonly ok: false;
      readonly kind: 'retry' | 'quota' | 'conflict' | 'reject' | 'auth';
      readonly retryAfterMs?: number;
      readonly code: string;
      readonly message: string;
    };

/** A batch as it was stored before its first push; a repeat has the same. */
export interface BatchBounds {
  readonly type: CommandType;
  /** Outbox ids of its first and last command. */
  readonly firstId: number;
  readonly lastId: number;
}

/** Why a row or a record was not taken over. */
export interface CrmRefusal {
  /** 1-based line of a file; 0: the file as a whole. */
  readonly line: number;
  /** Closed code. */
  readonly code: RefusalCode;
  /** What was found there, shortened; never a whole row. */
  readonly detail: string;
}

/** Why a file or a row is refused: a closed list, told by `refusalReason`. */
export type RefusalCode =
  | 'unknown_name'
  | 'not_a_file'
  | 'unreadable'
  | 'not_utf8'
  | 'binary'
  | 'empty'
  | 'not_configured'
  | 'no_header'
  | 'duplicate_column'
  | 'too_many_columns'
  | 'missing_column'
  | 'broken_quotes'
  | 'broken_json'
  | 'column_count'
  | 'too_large'
  | 'no_key'
  | 'bad_value'
  | 'bad_date'
  | 'unknown_task'
  | 'too_many_refusals';

/**
 * One CRM, whatever its kind: two verbs and one health call. Scheduling, retry, mapping and
 * dead letters are outside it and written once.
 */
export interface CrmConnector {
  /** `file`, `salesforce`, `tryton`. */
  readonly kind: string;
  readonly capabilities: Capabilities;
  health(signal: AbortSignal): Promise<Health>;
  /** The iterator's next turn says that the page before is durable. */
  pull(request: PullRequest, signal: AbortSignal): AsyncIterable<PullPage>;
  /**
   * Same length and order as the batch; never throws for one row. `bounds` names the batch for
   * those that write it as a whole.
   */
  push(
    batch: readonly Command[],
    signal: AbortSignal,
    bounds?: BatchBounds,
  ): Promise<readonly Outcome[]>;
  /** Told of changes of the page last given that could not be taken over, before the next turn. */
  refuse?(refusals: readonly CrmRefusal[]): Promise<void>;
}

/** An instant as commands write it. */
export function isoOf(atMs: EpochMs): string {
  return new Date(atMs).toISOString();
}
