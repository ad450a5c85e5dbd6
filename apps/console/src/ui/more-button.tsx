import { Button } from '@mantine/core';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';

/** What is needed of a list read page by page to show more of it. */
export interface MorePages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** Shows the page that follows, where there is one. */
export function MoreButton({ pages }: { readonly pages: MorePages }) {
  const t = useTexts(common);
  if (!pages.hasNextPage) return null;
  return (
    <Button
      variant="default"
      size="xs"
      loading={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {t.more}
    </Button>
  );
}
