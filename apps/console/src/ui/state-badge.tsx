import { Badge } from '@mantine/core';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';

/** Whether a scenario runs. */
export function StateBadge({ state }: { readonly state: 'live' | 'paused' }) {
  const t = useTexts(common);
  return (
    <Badge variant="light" color={state === 'live' ? 'green' : 'yellow'} tt="none">
      {t[state]}
    </Badge>
  );
}
