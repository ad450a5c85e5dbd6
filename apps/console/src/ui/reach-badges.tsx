import { Badge, Group, Tooltip } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { Icon } from './icon.js';
import { texts } from '../i18n/text.js';

type Reach = ApiResponse<'person'>['channels'][number];

const words = texts({
  reachable: { fr: 'joignable', en: 'reachable' },
  not: { fr: 'non joignable', en: 'not reachable' },
});

/** Channels of a person: a tick where they may be written to, a cross and the reason where not. */
export function ReachBadges({ channels }: { readonly channels: readonly Reach[] }) {
  const t = useTexts(common);
  const w = useTexts(words);
  return (
    <Group gap={6}>
      {channels.map(({ channel, isReachable, why, address }) => (
        <Tooltip key={channel} label={why ?? address ?? w.reachable}>
          <Badge
            tabIndex={0}
            variant="light"
            color={isReachable ? 'green' : 'gray'}
            tt="none"
            leftSection={<Icon name={isReachable ? 'check' : 'cross'} size={12} />}
            aria-label={t.pair(t[channel], why ?? w.reachable)}
          >
            {t[channel]}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  );
}
