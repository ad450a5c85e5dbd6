import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { ApiError } from '../api/client.js';
import { Empty } from './empty.js';
import { TextLink } from './link.js';
import { Page } from './page.js';
import { ProblemNote } from './problem-note.js';

/** There is no such page. */
export function NotFound() {
  const t = useTexts(common);
  return (
    <Page title={t.notFound}>
      <Empty icon="search" title={t.notFound} action={<TextLink to="/">{t.home}</TextLink>}>
        {t.notFoundHint}
      </Empty>
    </Page>
  );
}

/** A page that broke, or whose code did not arrive: said, with a way to try again. */
export function Broken() {
  const t = useTexts(common);
  return (
    <Page title={t.failedTitle}>
      <ProblemNote error={new ApiError(0, null)} onRetry={() => globalThis.location.reload()} />
    </Page>
  );
}
