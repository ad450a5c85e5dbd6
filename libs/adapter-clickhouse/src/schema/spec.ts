/** A text in both languages of the documentation. */
export interface Note {
  readonly en: string;
  readonly fr: string;
}

/** One column: name, ClickHouse type, meaning with its unit. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly note: Note;
}

/** A query that shows what a table or view is for. */
export interface Example {
  readonly title: Note;
  readonly sql: string;
}

/** A public table: a view with FINAL over a private `<name>_rows` table. */
export interface TableSpec {
  readonly name: string;
  /** What one row is. */
  readonly grain: Note;
  readonly columns: readonly ColumnSpec[];
  /** Only in the private table. */
  readonly hidden?: readonly ColumnSpec[];
  /** The column a fact is told by: the greatest version of it is what readers see. */
  readonly key: string;
  /**
   * The time that chooses the month of a row. It must never change between versions of one key:
   * FINAL does not look across months. Null: one partition.
   */
  readonly month: string | null;
  /** Which retention applies; `always` for state that is only erased by name. */
  readonly keep: 'events' | 'results' | 'always';
  readonly example: Example;
}

/** A view for people, computed from public tables. */
export interface ViewSpec {
  readonly name: string;
  readonly grain: Note;
  readonly columns: readonly ColumnSpec[];
  readonly select: string;
  readonly example: Example;
}

/** Instant of the engine's clock. */
export const TIME = "DateTime64(3, 'UTC')";
export const TIME_OR_NULL = `Nullable(${TIME})`;
export const MONEY = 'Decimal(18, 4)';
export const MONEY_OR_NULL = `Nullable(${MONEY})`;
export const TEXT = 'String';
/** Text of few distinct values. */
export const WORD = 'LowCardinality(String)';
export const FLAG = 'UInt8';
export const NUMBER = 'Float64';
export const NUMBER_OR_NULL = 'Nullable(Float64)';

/** A column from its four parts. */
export function column(name: string, type: string, en: string, fr: string): ColumnSpec {
  return { name, type, note: { en, fr } };
}

/** The id of the fact, where no public column alone tells rows apart. */
export const FACT_KEY = column('fact_key', TEXT, 'Id of the fact', 'Identifiant du fait');

/** Columns that mean the same wherever they stand. */
export const common = {
  profileId: column(
    'profile_id',
    TEXT,
    'Profile at that time; profiles.merged_into leads on; empty when none',
    'Profil à cet instant ; profiles.merged_into donne la suite ; vide si aucun',
  ),
  accountId: column(
    'account_id',
    TEXT,
    'Account at that time; empty when none',
    'Compte à cet instant ; vide si aucun',
  ),
  enrolmentId: column(
    'enrolment_id',
    TEXT,
    'Run through a scenario; empty when none',
    'Parcours dans un scénario ; vide si aucun',
  ),
  decisionId: column(
    'decision_id',
    TEXT,
    'Decision behind it; empty when none',
    'Décision à l’origine ; vide si aucune',
  ),
  scenario: column(
    'scenario',
    WORD,
    'Id of the scenario; empty when none',
    'Identifiant du scénario ; vide si aucun',
  ),
  definition: column(
    'definition',
    WORD,
    'Content hash of the scenario version',
    'Empreinte de la version du scénario',
  ),
  stepId: column(
    'step_id',
    WORD,
    'Step of the scenario; empty when none',
    'Étape du scénario ; vide si aucune',
  ),
  group: column(
    'group',
    WORD,
    'Assigned group: policy, random_control, holdout or rules',
    'Groupe attribué : policy, random_control, holdout ou rules',
  ),
  channel: column('channel', WORD, 'email, sms, task...', 'email, sms, task...'),
  action: column('action', WORD, 'Id of the action', 'Identifiant de l’action'),
  treatment: column(
    'treatment',
    WORD,
    'Action in one channel and format',
    'Action dans un canal et un format',
  ),
  currency: column(
    'currency',
    WORD,
    'ISO 4217 code of the amounts of the row; never add across currencies',
    'Code ISO 4217 des montants de la ligne ; ne jamais additionner deux devises',
  ),
  owner: column(
    'owner',
    WORD,
    'E-mail of the sales rep in lower case; empty when none',
    'E-mail du commercial en minuscules ; vide si aucun',
  ),
  sample: column(
    'sample',
    FLAG,
    '1 on data of the sample workspace, else 0',
    '1 pour les données de démonstration, sinon 0',
  ),
} as const;
