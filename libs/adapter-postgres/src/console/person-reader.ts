import type {
  ConsoleSuppression,
  Delivery,
  DeliveryHappening,
  EnrolmentLine,
  EntryLine,
  HappenedQuery,
  OutcomeRow,
  PersonHit,
  PersonReader,
  PersonSearch,
  TaskRow,
  WithheldRow,
} from '#libs/application';
import type { DecisionRecord } from '#libs/decision';
import type { Database } from '../base/database.js';
import { deliveryOf, type DeliveryRecord } from '../runtime/delivery-rows.js';
import {
  outcomeOf,
  taskOf,
  withheldOf,
  type OutcomeRecord,
  type TaskRecord,
  type WithheldRecord,
} from '../runtime/result-rows.js';
import { accountTraitSql, foldedSql, likePrefix, nameSql } from './names.js';

/** Everything told of a person keeps the id of its time: all that were merged into them count. */
const OWN = 'profile_id IN (SELECT node_id FROM node WHERE profile_id = $1)';
const NAME_TRAITS = "('firstName', 'lastName', 'name', 'first_name', 'last_name')";
const MOST_CANDIDATES = 500;

const page = (at: string): string =>
  `(${at}, id COLLATE "C") < ($2::bigint, $3) ORDER BY ${at} DESC, id COLLATE "C" DESC LIMIT $4`;

const EVERYBODY = `SELECT p.profile_id FROM profile p WHERE p.merged_into IS NULL`;

/** Candidates by id, e-mail, phone or the start of a name; each branch has its index. */
const CANDIDATES = `
SELECT n.profile_id FROM node n WHERE n.node_id = $5
UNION SELECT n.profile_id FROM profile_identity i JOIN node n ON n.node_id = i.node_id
  WHERE i.ns = ANY($4::text[]) AND i.value_norm = ANY($6::text[])
UNION (SELECT c.profile_id FROM contact_point c
  WHERE c.channel = 'email' AND c.address LIKE $7 LIMIT ${MOST_CANDIDATES})
UNION (SELECT n.profile_id FROM claim c JOIN node n ON n.node_id = c.node_id
  WHERE c.trait IN ${NAME_TRAITS} AND ${foldedSql('c.value')} LIKE $8 LIMIT ${MOST_CANDIDATES})`;

const searchSql = (candidates: string, filter: string): string => `
WITH found AS MATERIALIZED (${candidates})
SELECT p.profile_id AS id, ${nameSql('p')} AS name, p.doc->'traits'->>'email' AS email,
  p.doc->'traits'->>'country' AS country, p.account_id,
  ${accountTraitSql('a', 'name')} AS account_name, p.updated_at_ms
FROM found f JOIN profile p ON p.profile_id = f.profile_id
LEFT JOIN account a ON a.account_id = p.account_id
WHERE p.merged_into IS NULL AND p.profile_id > $1
  AND ($2::text IS NULL OR lower(${accountTraitSql('a', 'owner')}) = $2) ${filter}
ORDER BY p.profile_id LIMIT $3`;

// Without a text nothing narrows the list: it is read in order of the key itself.
const LIST_SQL = searchSql(EVERYBODY, '').replace('MATERIALIZED', 'NOT MATERIALIZED');
const SEARCH_SQL = searchSql(
  CANDIDATES,
  `AND ($9::text[] = '{}' OR p.profile_id = $5 OR NOT EXISTS (
     SELECT 1 FROM unnest($9::text[]) AS w(word)
     WHERE ${foldedSql(nameSql('p'))} NOT LIKE '%' || w.word || '%'))`,
);

const PASSAGES_SQL = `
SELECT * FROM (
  SELECT id || '/entry' AS id, id AS enrolment_id, scenario, definition, 'running' AS status, grp,
    '' AS step_id, entered_at_ms, NULL::bigint AS ended_at_ms, NULL AS ended_as,
    entered_at_ms AS at_ms FROM enrolment WHERE ${OWN}
  UNION ALL
  SELECT id || '/entry', id, scenario, definition, 'ended', grp, '', entered_at_ms, NULL, NULL,
    entered_at_ms FROM enrolment_ended WHERE ${OWN}
  UNION ALL
  SELECT id || '/end', id, scenario, definition, 'ended', grp, '', entered_at_ms, ended_at_ms,
    ended_as, ended_at_ms FROM enrolment_ended WHERE ${OWN}
) t WHERE ${page('at_ms')}`;

interface EnrolmentRecord {
  [column: string]: unknown;
  id: string;
  scenario: string;
  definition: string;
  status: EnrolmentLine['status'];
  grp: string;
  step_id: string;
  entered_at_ms: number;
  due_at_ms?: number | null;
  since_ms?: number | null;
  ended_at_ms: number | null;
  ended_as: string | null;
}

function enrolmentOf(row: EnrolmentRecord): EnrolmentLine {
  return {
    id: row.id,
    scenario: row.scenario,
    definition: row.definition,
    status: row.status,
    group: row.grp,
    stepId: row.step_id,
    sinceMs: row.since_ms ?? null,
    enteredAtMs: row.entered_at_ms,
    dueAtMs: row.due_at_ms ?? null,
    endedAtMs: row.ended_at_ms,
    endedAs: row.ended_as,
  };
}

interface HitRecord {
  [column: string]: unknown;
  id: string;
  name: string;
  email: string | null;
  country: string | null;
  account_id: string | null;
  account_name: string | null;
  updated_at_ms: number;
}

/** People for the console, in PostgreSQL. */
export class PostgresPersonReader implements PersonReader {
  constructor(private readonly database: Database) {}

  async search(search: PersonSearch): Promise<readonly PersonHit[]> {
    const { text, after, owner, limit, namespaces } = search;
    const words = foldedWords(text);
    const found =
      words.length === 0
        ? await this.database.query<HitRecord>(LIST_SQL, [after, owner, limit])
        : await this.database.query<HitRecord>(SEARCH_SQL, [
            after,
            owner,
            limit,
            namespaces,
            text,
            [text, text.toLowerCase(), text.replace(/[\s.()-]/g, '')],
            likePrefix(text.toLowerCase()),
            `"${likePrefix(words[0] ?? '')}`,
            isExact(text) ? [] : words.slice(1),
          ]);
    return found.rows.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      country: row.country,
      accountId: row.account_id,
      accountName: row.account_name,
      updatedAtMs: row.updated_at_ms,
    }));
  }

  async enrolments(profileId: string, limit: number): Promise<readonly EnrolmentLine[]> {
    const found = await this.database.query<EnrolmentRecord>(
      `SELECT id, scenario, definition, status, grp, step_id, entered_at_ms, due_at_ms,
         since_ms,
         NULL::bigint AS ended_at_ms, NULL AS ended_as FROM enrolment WHERE ${OWN}
       UNION ALL
       SELECT id, scenario, definition, 'ended', grp, '', entered_at_ms, NULL, NULL,
         ended_at_ms, ended_as FROM enrolment_ended WHERE ${OWN}
       ORDER BY ended_at_ms DESC NULLS FIRST, entered_at_ms DESC, id LIMIT $2`,
      [profileId, limit],
    );
    return found.rows.map(enrolmentOf);
  }

  async entries(profileId: string, limit: number): Promise<readonly EntryLine[]> {
    const found = await this.database.query<EntryLine & Record<string, unknown>>(
      `SELECT scenario, entry_key AS "entryKey", last_entered_at_ms AS "lastEnteredAtMs"
       FROM entry_ledger WHERE ${OWN} ORDER BY last_entered_at_ms DESC LIMIT $2`,
      [profileId, limit],
    );
    return found.rows;
  }

  async firstPublished(): Promise<ReadonlyMap<string, number>> {
    const found = await this.database.query<{ scenario: string; at_ms: number }>(
      'SELECT scenario, min(published_at_ms) AS at_ms FROM definition GROUP BY 1',
    );
    return new Map(found.rows.map((row) => [row.scenario, row.at_ms]));
  }

  async suppressions(
    profileId: string,
    addressHashes: readonly string[],
  ): Promise<readonly ConsoleSuppression[]> {
    const found = await this.database.query<{
      channel: string;
      purpose: string | null;
      action: string | null;
      reason: string;
      until_ms: number | null;
    }>(
      `SELECT channel, purpose, action, reason, until_ms FROM suppression
       WHERE is_active AND (${OWN} OR address_hash = ANY($2::text[])) ORDER BY from_ms LIMIT 50`,
      [profileId, addressHashes],
    );
    return found.rows.map(({ until_ms: untilMs, ...rest }) => ({ ...rest, untilMs }));
  }

  async names(profileIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (profileIds.length === 0) return new Map();
    const found = await this.database.query<{ id: string; name: string }>(
      `SELECT n.node_id AS id, ${nameSql('p')} AS name
       FROM node n JOIN profile p ON p.profile_id = n.profile_id WHERE n.node_id = ANY($1)`,
      [profileIds],
    );
    return new Map(found.rows.map(({ id, name }) => [id, name]));
  }

  async decisions(query: HappenedQuery): Promise<readonly DecisionRecord[]> {
    const rows = await this.happened<{ record: string }>(
      `SELECT record FROM decision WHERE ${OWN} AND ${page('decided_at_ms')}`,
      query,
    );
    return rows.map(({ record }) => JSON.parse(record) as DecisionRecord);
  }

  async deliveries(query: HappenedQuery): Promise<readonly Delivery[]> {
    const at = 'coalesce(accepted_at_ms, intended_at_ms)';
    const rows = await this.happened<DeliveryRecord>(
      `SELECT * FROM delivery WHERE ${OWN} AND state <> 'withheld' AND ${page(at)}`,
      query,
    );
    return rows.map(deliveryOf);
  }

  async deliveryHappenings(deliveryIds: readonly string[]): Promise<readonly DeliveryHappening[]> {
    if (deliveryIds.length === 0) return [];
    const found = await this.database.query<{
      delivery_id: string;
      kind: string;
      at_ms: number;
      link: string | null;
    }>(
      `SELECT delivery_id, kind, at_ms, link FROM delivery_event WHERE delivery_id = ANY($1)
       ORDER BY at_ms LIMIT 2000`,
      [deliveryIds],
    );
    return found.rows.map((row) => ({
      deliveryId: row.delivery_id,
      kind: row.kind,
      atMs: row.at_ms,
      link: row.link,
    }));
  }

  async withheld(query: HappenedQuery): Promise<readonly WithheldRow[]> {
    const rows = await this.happened<WithheldRecord>(
      `SELECT * FROM withheld WHERE ${OWN} AND ${page('at_ms')}`,
      query,
    );
    return rows.map(withheldOf);
  }

  async outcomes(query: HappenedQuery): Promise<readonly OutcomeRow[]> {
    // A reward's own bookkeeping repeats the event that a goal tells.
    const rows = await this.happened<OutcomeRecord>(
      `SELECT * FROM outcome WHERE ${OWN} AND NOT (kind = 'converted' AND attributed_by = 'window')
         AND ${page('at_ms')}`,
      query,
    );
    return rows.map(outcomeOf);
  }

  async tasks(query: HappenedQuery): Promise<readonly TaskRow[]> {
    const rows = await this.happened<TaskRecord>(
      `SELECT * FROM task WHERE ${OWN} AND ${page('created_at_ms')}`,
      query,
    );
    return rows.map(taskOf);
  }

  async passages(
    query: HappenedQuery,
  ): Promise<readonly (EnrolmentLine & { readonly atMs: number })[]> {
    const rows = await this.happened<EnrolmentRecord & { enrolment_id: string; at_ms: number }>(
      PASSAGES_SQL,
      query,
    );
    return rows.map((row) => ({
      ...enrolmentOf({ ...row, id: row.enrolment_id }),
      atMs: row.at_ms,
    }));
  }

  async touches(
    deliveryIds: readonly string[],
  ): Promise<ReadonlyMap<string, { channel: string; action: string; atMs: number }>> {
    if (deliveryIds.length === 0) return new Map();
    const found = await this.database.query<{
      id: string;
      channel: string;
      action: string;
      at_ms: number;
    }>(
      `SELECT id, channel, action, coalesce(accepted_at_ms, intended_at_ms) AS at_ms
       FROM delivery WHERE id = ANY($1)`,
      [deliveryIds],
    );
    return new Map(
      found.rows.map(({ id, channel, action, at_ms: atMs }) => [id, { channel, action, atMs }]),
    );
  }

  private async happened<Row extends Record<string, unknown>>(
    sql: string,
    query: HappenedQuery,
  ): Promise<readonly Row[]> {
    const { profileId, before, limit } = query;
    const found = await this.database.query<Row>(sql, [profileId, before.atMs, before.id, limit]);
    return found.rows;
  }
}

/** Words of a search as the indexes keep names. */
function foldedWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** An e-mail, a number or an id is looked for as it is, not word by word. */
function isExact(text: string): boolean {
  return text.includes('@') || /^\+?[\d\s.()-]{6,}$/.test(text);
}
