import { Group, Table, UnstyledButton } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { CsvButton } from './csv-button.js';
import classes from './data-table.module.css';

/** A column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are sorted by and what the CSV holds; without it neither. */
  readonly value?: (row: Row) => string | number | null;
  readonly isNumber?: boolean;
  /** Left out where the screen is narrow. */
  readonly isMinor?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Name of the CSV file; without it there is none to save. */
  readonly csvName?: string;
  /** Below the table, to the left: more rows. */
  readonly foot?: ReactNode;
}

interface Sorting {
  readonly key: string;
  readonly isDown: boolean;
}

function sorted<Row>(rows: readonly Row[], column: Column<Row> | undefined, isDown: boolean) {
  const value = column?.value;
  if (value === undefined) return rows;
  const sign = isDown ? -1 : 1;
  const compare = (left: Row, right: Row): number => {
    const [a, b] = [value(left), value(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b));
  };
  return [...rows].sort(compare);
}

const classOf = <Row,>({ isNumber, isMinor }: Column<Row>): string =>
  [isNumber === true ? classes['number'] : '', isMinor === true ? classes['minor'] : ''].join(' ');

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function Head<Row>({ column, sorting, onSort }: HeadProps<Row>) {
  const t = useTexts(common);
  if (column.value === undefined) {
    return <Table.Th className={classOf(column)}>{column.header}</Table.Th>;
  }
  const isSorted = sorting?.key === column.key;
  const direction = sorting?.isDown === true ? 'descending' : 'ascending';
  return (
    <Table.Th className={classOf(column)} aria-sort={isSorted ? direction : 'none'}>
      <UnstyledButton
        className={classes['sort'] ?? ''}
        title={t.sortBy(column.header.toLocaleLowerCase())}
        onClick={() => onSort({ key: column.key, isDown: isSorted && !sorting.isDown })}
      >
        {column.header}
        <span aria-hidden="true">{isSorted ? (sorting.isDown ? ' ↓' : ' ↑') : ''}</span>
      </UnstyledButton>
    </Table.Th>
  );
}

/** Rows in columns: sorted by a click on a header, saved as CSV, scrolled sideways where too wide. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, csvName, foot } = props;
  const [sorting, setSorting] = useState<Sorting>();
  const shown = useMemo(
    () =>
      sorted(
        rows,
        columns.find(({ key }) => key === sorting?.key),
        sorting?.isDown ?? false,
      ),
    [rows, columns, sorting],
  );
  return (
    <>
      <div className={classes['scroll']}>
        <Table aria-label={label} verticalSpacing="sm" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Head key={column.key} column={column} sorting={sorting} onSort={setSorting} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <Table.Tr key={rowKey(row)}>
                {columns.map((column) => (
                  <Table.Td key={column.key} className={classOf(column)}>
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {(foot !== undefined || csvName !== undefined) && (
        <Group justify="space-between" mt="sm">
          <div>{foot}</div>
          {csvName !== undefined && <CsvButton name={csvName} columns={columns} rows={shown} />}
        </Group>
      )}
    </>
  );
}
