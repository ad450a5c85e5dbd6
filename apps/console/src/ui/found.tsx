import { DataTable, type Column } from './data-table.js';
import { Empty } from './empty.js';
import type { IconName } from './icon.js';
import { Loaded, type Loading } from './loaded.js';
import { MoreButton, type MorePages } from './more-button.js';

interface FoundProps<Row> {
  readonly pages: Loading<{ readonly pages: readonly { readonly items: readonly Row[] }[] }> &
    MorePages;
  /** What was searched for; empty: nothing, and the list is all there is. */
  readonly query: string;
  readonly icon: IconName;
  readonly words: Readonly<Record<'emptyTitle' | 'empty' | 'noMatchTitle' | 'noMatch', string>>;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Name of the CSV file. */
  readonly csvName: string;
}

/** What a search found, page after page; without a row, whether nothing is there or nothing matches. */
export function Found<Row extends { readonly id: string }>(props: FoundProps<Row>) {
  const { pages, query, icon, words, ...table } = props;
  return (
    <Loaded query={pages}>
      {(data) => {
        const rows = data.pages.flatMap(({ items }) => items);
        if (rows.length === 0) {
          return (
            <Empty icon={icon} title={query === '' ? words.emptyTitle : words.noMatchTitle}>
              {query === '' ? words.empty : words.noMatch}
            </Empty>
          );
        }
        return (
          <DataTable
            {...table}
            rows={rows}
            rowKey={({ id }) => id}
            foot={<MoreButton pages={pages} />}
          />
        );
      }}
    </Loaded>
  );
}
