import type { Locale } from '#libs/kernel';
import type { RefusalCode } from './ports.js';

const REASONS: Readonly<Record<RefusalCode, Readonly<Record<Locale, string>>>> = {
  unknown_name: {
    fr: 'Nom de fichier inconnu : on attend contacts-, accounts-, targets-, complaints- ou tasks-, puis .csv ou .jsonl.',
    en: 'Unknown file name: contacts-, accounts-, targets-, complaints- or tasks- is expected, ending in .csv or .jsonl.',
  },
  not_a_file: {
    fr: 'Ce n’est pas un fichier ordinaire (lien, dossier ou tube).',
    en: 'Not a plain file (a link, a folder or a pipe).',
  },
  unreadable: { fr: 'Le fichier ne peut pas être lu.', en: 'The file cannot be read.' },
  not_utf8: {
    fr: 'Le fichier n’est pas en UTF-8 : enregistrez-le en UTF-8.',
    en: 'The file is not UTF-8: save it as UTF-8.',
  },
  binary: { fr: 'Le fichier n’est pas du texte.', en: 'The file is not text.' },
  empty: { fr: 'Le fichier est vide.', en: 'The file is empty.' },
  not_configured: {
    fr: 'Le connecteur ne décrit pas ce genre de fichier (pull).',
    en: 'The connector does not describe this kind of file (pull).',
  },
  no_header: { fr: 'La ligne de titres est illisible.', en: 'The header line is unreadable.' },
  duplicate_column: {
    fr: 'Deux colonnes portent le même nom.',
    en: 'Two columns have the same name.',
  },
  too_many_columns: {
    fr: 'Trop de colonnes (200 au plus).',
    en: 'Too many columns (200 at most).',
  },
  missing_column: {
    fr: 'Aucune colonne d’identité attendue n’est présente.',
    en: 'None of the expected identity columns is there.',
  },
  broken_quotes: {
    fr: 'Guillemets mal fermés ou mal placés.',
    en: 'Quotes are not closed or misplaced.',
  },
  broken_json: { fr: 'La ligne n’est pas un objet JSON.', en: 'The line is no JSON object.' },
  column_count: {
    fr: 'La ligne n’a pas autant de colonnes que les titres.',
    en: 'The row does not have as many columns as the header.',
  },
  too_large: { fr: 'Ligne trop longue (256 Ko au plus).', en: 'Row too long (256 KB at most).' },
  no_key: { fr: 'La ligne n’a pas de clé.', en: 'The row has no key.' },
  bad_value: { fr: 'Valeur inconnue.', en: 'Unknown value.' },
  bad_date: { fr: 'Date illisible ou à venir.', en: 'Date unreadable or to come.' },
  unknown_task: { fr: 'Tâche inconnue.', en: 'Unknown task.' },
  too_many_refusals: {
    fr: 'D’autres lignes sont refusées, elles ne sont plus listées.',
    en: 'More rows are refused; they are listed no more.',
  },
};

/** Why a row or a file is refused, for people. */
export function refusalReason(code: RefusalCode, locale: Locale): string {
  return REASONS[code][locale];
}
