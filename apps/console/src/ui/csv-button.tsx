import { Button } from '@mantine/core';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { csvOf, saveFile } from './csv.js';

/** A column of a saved list; without a value it is not saved. */
export interface CsvColumn<Row> {
  readonly header: string;
  readonly value?: ((row: Row) => string | number | null) | undefined;
}

interface CsvButtonProps<Row> {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  readonly rows: readonly Row[];
}

/** Saves the rows that are shown as CSV, with the headers of the reader's language. */
export function CsvButton<Row>({ name, columns, rows }: CsvButtonProps<Row>) {
  const t = useTexts(common);
  const save = () => {
    const saved = columns.filter(({ value }) => value !== undefined);
    const lines = rows.map((row) => saved.map(({ value }) => value?.(row) ?? null));
    saveFile(`${name}.csv`, csvOf([saved.map(({ header }) => header), ...lines]));
  };
  return (
    <Button variant="subtle" size="compact-sm" onClick={save}>
      {t.csv}
    </Button>
  );
}
