import type { EpochMs } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';
import type { BatchBounds, Command, CommandType } from './ports.js';

/** The key under which a CRM knows a person. */
export interface CrmContact {
  readonly ns: string;
  readonly value: string;
}

/** A message that an outcome is credited to. */
export interface CrmTouch {
  readonly channel: string;
  readonly action: string;
  readonly acceptedAtMs: EpochMs | null;
  /** A person clicked in it. */
  readonly isClicked: boolean;
}

/** What a rep reads in a task beside its title. */
export interface CrmTaskText {
  readonly note: string | null;
  readonly reasons: readonly string[];
  /** The action that was chosen, with its score; null without a decision. */
  readonly choice: { readonly action: string; readonly score: number } | null;
}

/** What commands need beside facts, read in bulk. */
export interface CrmFactReader {
  /** The first of the namespaces that a person has, by the profile id asked; merges are followed. */
  contacts(
    tx: Tx,
    profileIds: readonly string[],
    namespaces: readonly string[],
  ): Promise<ReadonlyMap<string, CrmContact>>;
  /** Accepted messages by the key asked: a delivery's id, or that of the decision behind it. */
  touches(
    tx: Tx,
    wanted: readonly { readonly key: string; readonly profileId: string }[],
  ): Promise<ReadonlyMap<string, CrmTouch>>;
  /** `order_id` of order events, by event key; those without one are left out. */
  orderRefs(
    tx: Tx,
    events: readonly { readonly eventKey: string; readonly atMs: EpochMs }[],
  ): Promise<ReadonlyMap<string, string>>;
  taskTexts(tx: Tx, taskIds: readonly string[]): Promise<ReadonlyMap<string, CrmTaskText>>;
  /** Effective consents by `email:marketing`, by profile id; merges are followed. */
  consents(
    tx: Tx,
    profileIds: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** Addresses in clear of a person on a channel, by `profileId` then `channel`. */
  addresses(
    tx: Tx,
    wanted: readonly { readonly profileId: string; readonly channel: string }[],
  ): Promise<readonly { readonly profileId: string; channel: string; readonly address: string }[]>;
}

/** What a connector was last told, so that only news is told. */
export interface KnownRow {
  /** `ns:value` of the contact. */
  readonly contact: string;
  /** `membership/SCENARIO`, `rfm`, `consent/email/marketing`. */
  readonly what: string;
  readonly value: string;
  /** Version or time of what said so; an older one is no news. */
  readonly mark: number;
}

/** A command on its way to the outbox. */
export interface OutboxDraft {
  readonly contact: string;
  readonly command: Command;
  /** Pending rows of one contact, type and merge key are one row: the last wins. */
  readonly mergeKey: string | null;
  /** What the command is about where the CRM may answer: the task's id. */
  readonly ref: string | null;
}

/** An open batch: pushed as a whole, again and again, until nothing of it is left. */
export interface OutboxBatch {
  readonly id: number;
  readonly bounds: BatchBounds;
  /** Wall instant of its first push; null before. */
  readonly firstTriedWallMs: number | null;
  readonly attempts: number;
  readonly commands: readonly { readonly id: number; readonly command: Command }[];
}

/** What became of a row of a batch. */
export interface SettledRow {
  readonly id: number;
  readonly state: 'done' | 'refused' | 'batched';
  readonly error: string | null;
}

/** Commands for CRMs, in the store. */
export interface CrmOutbox {
  known(
    tx: Tx,
    connector: string,
    keys: readonly Pick<KnownRow, 'contact' | 'what'>[],
  ): Promise<readonly KnownRow[]>;
  saveKnown(tx: Tx, connector: string, rows: readonly KnownRow[]): Promise<void>;
  /** Gives each order to one campaign for good; answers whose it is. */
  credit(
    tx: Tx,
    orders: readonly { readonly eventKey: string; readonly scenario: string }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** A key that is there already adds nothing. Answers how many rows are new or changed. */
  enqueue(tx: Tx, connector: string, drafts: readonly OutboxDraft[]): Promise<number>;
  /** Counts what no command was made of, by reason. */
  countSkipped(tx: Tx, connector: string, counts: ReadonlyMap<string, number>): Promise<void>;
  skipped(connector: string): Promise<ReadonlyMap<string, number>>;
  /**
   * The open batch of this type, else a new one whose bounds are stored before this resolves; null
   * where there is nothing to push now.
   */
  openBatch(ask: {
    readonly connector: string;
    readonly type: CommandType;
    readonly maxRows: number;
    readonly wallMs: number;
    /** Only what was begun: no new batch. */
    readonly onlyOpen: boolean;
  }): Promise<OutboxBatch | null>;
  /** Records a push; a batch without rows left is closed, another waits until `nextWallMs`. */
  settle(
    batchId: number,
    rows: readonly SettledRow[],
    at: { readonly wallMs: number; readonly nextWallMs: number },
  ): Promise<void>;
  /** Removes what was done before; tasks stay, because their outcome is still to come. */
  forget(connector: string, beforeWallMs: number): Promise<number>;
}

/** A statement last taken over from a CRM. */
export interface LinkRow {
  /** What it is about: `contact/customer_id:C1`, `target/list/customer_id:C1`. */
  readonly key: string;
  /** Hash of what was said. */
  readonly hash: string;
  /** How often it was said anew, from 1. */
  readonly seq: number;
}

/** What was read from CRMs, in the store: how a repeat is known. */
export interface CrmLinks {
  links(tx: Tx, connector: string, keys: readonly string[]): Promise<readonly LinkRow[]>;
  saveLinks(tx: Tx, connector: string, rows: readonly LinkRow[]): Promise<void>;
  /** Tasks by their id or by the key under which the CRM was told of them. */
  tasks(tx: Tx, connector: string, keys: readonly string[]): Promise<ReadonlyMap<string, CrmTask>>;
  /** Files read to their end, by name and content. */
  isFileDone(connector: string, name: string, hash: string): Promise<boolean>;
  fileDone(connector: string, name: string, hash: string, wallMs: number): Promise<void>;
}

/** A task that a CRM may close. */
export interface CrmTask {
  readonly id: string;
  readonly profileId: string;
  readonly decisionId: string | null;
  readonly scenario: string | null;
  readonly isSample: boolean;
}

/** Holds a connector for this process, so that two workers do not write one file. */
export type HoldConnector = (connector: string) => Promise<boolean>;
