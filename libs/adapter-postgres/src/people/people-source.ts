import type { PeopleSource, PersonContext, Tx } from '#libs/application';
import type { Json, JsonObject, ProfileId } from '#libs/kernel';
import { expressionView, type ProfileDocument, type ProfileRules } from '#libs/profile';
import { inside } from '../base/database.js';

interface PersonRecord {
  [column: string]: unknown;
  profile_id: string;
  version: number;
  merged_into: string | null;
  group_unit: string;
  account_id: string | null;
  is_sample: boolean;
  doc: ProfileDocument;
  account_traits: string | null;
}

const PERSON_SQL = `
SELECT p.profile_id, p.version, p.merged_into, p.group_unit, p.account_id, p.is_sample, p.doc,
  a.traits AS account_traits
FROM profile p LEFT JOIN account a ON a.account_id = p.account_id
WHERE p.profile_id = ANY($1)`;

// A merge of merged profiles points on; the store keeps such chains short.
const MOST_HOPS = 5;

/** People as expressions and templates see them, read in bulk. */
export class PostgresPeople implements PeopleSource {
  constructor(private readonly rules: () => ProfileRules) {}

  async load(
    tx: Tx,
    profileIds: readonly ProfileId[],
  ): Promise<ReadonlyMap<ProfileId, PersonContext>> {
    const asked = new Map<string, ProfileId[]>(profileIds.map((id) => [id, [id]]));
    const people = new Map<ProfileId, PersonContext>();
    const rules = this.rules();
    for (let hop = 0; asked.size > 0 && hop < MOST_HOPS; hop += 1) {
      const rows = await inside(tx).query<PersonRecord>(PERSON_SQL, [[...asked.keys()]]);
      const onward = new Map<string, ProfileId[]>();
      for (const row of rows.rows) {
        const askers = asked.get(row.profile_id) ?? [];
        if (row.merged_into === null) {
          const person = personOf(row, rules);
          for (const asker of askers) people.set(asker, person);
        } else {
          onward.set(row.merged_into, [...(onward.get(row.merged_into) ?? []), ...askers]);
        }
      }
      asked.clear();
      for (const [id, askers] of onward) asked.set(id, askers);
    }
    return people;
  }
}

function personOf(row: PersonRecord, rules: ProfileRules): PersonContext {
  const { doc } = row;
  return {
    profileId: row.profile_id as ProfileId,
    version: row.version,
    profile: expressionView(doc, rules),
    account: accountOf(row),
    accountId: row.account_id,
    timezone: textOf(doc.traits['timezone']),
    locale: textOf(doc.traits['locale']),
    groupUnit: row.group_unit,
    segments: doc.segments,
    isSample: row.is_sample,
  };
}

function accountOf(row: PersonRecord): JsonObject | null {
  if (row.account_id === null) return null;
  const traits = JSON.parse(row.account_traits ?? '{}') as Record<string, { value: Json }>;
  const flat: Record<string, Json> = { account_id: row.account_id };
  for (const [name, trait] of Object.entries(traits)) flat[name] = trait.value;
  return flat;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
