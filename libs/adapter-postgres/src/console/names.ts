/** SQL of a person's name from a profile's document, under the alias given. */
export function nameSql(profile: string): string {
  const trait = (name: string): string => `${profile}.doc->'traits'->>'${name}'`;
  return `coalesce(
    nullif(btrim(concat_ws(' ', ${trait('firstName')}, ${trait('lastName')})), ''),
    nullif(btrim(concat_ws(' ', ${trait('first_name')}, ${trait('last_name')})), ''),
    nullif(btrim(${trait('name')}), ''), ${trait('email')}, ${profile}.profile_id)`;
}

/** SQL of an account's trait, from the JSON text of its traits. */
export function accountTraitSql(account: string, trait: string): string {
  return `(${account}.traits::jsonb->'${trait}'->>'value')`;
}

/** SQL that folds case and accents as the indexes on names do. */
export function foldedSql(expression: string): string {
  return `translate(lower(${expression}), 'àâäçéèêëîïôöùûü', 'aaaceeeeiioouuu')`;
}

/** A text typed by a person as the start of a LIKE pattern, its wildcards taken literally. */
export function likePrefix(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}
