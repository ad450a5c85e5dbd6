import type { ApiResponse } from '#libs/contracts';
import { useTexts } from '../../i18n/text.js';
import { CsvButton, type CsvColumn } from '../../ui/csv-button.js';
import { csvTime } from '../../ui/csv.js';
import { deadLetterWords } from './words.js';

type Letter = ApiResponse<'deadLetters'>['items'][number];

/** Saves the letters that are shown. */
export function LettersCsv({ items }: { readonly items: readonly Letter[] }) {
  const t = useTexts(deadLetterWords);
  const columns: readonly CsvColumn<Letter>[] = [
    { header: t.came, value: ({ firstAtMs }) => csvTime(firstAtMs) },
    { header: t.source, value: ({ source }) => source },
    { header: t.codeOf, value: ({ code }) => code },
    { header: t.reason, value: ({ reason }) => reason },
    { header: t.detail, value: ({ detail }) => detail },
    { header: t.tries, value: ({ attempts }) => attempts },
    { header: t.raw, value: ({ raw }) => raw },
    { header: t.corrected, value: ({ correction }) => correction?.raw ?? null },
  ];
  return <CsvButton name="dead-letters" columns={columns} rows={items} />;
}
