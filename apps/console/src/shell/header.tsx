import {
  ActionIcon,
  Badge,
  Burger,
  Group,
  Menu,
  SegmentedControl,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDo } from '../api/queries.js';
import type { Me } from '../api/session.js';
import { common } from '../i18n/common.js';
import { useLocale } from '../i18n/locale.js';
import { useTexts } from '../i18n/text.js';
import { PauseAll } from '../pauses/pause-banner.js';
import { Icon } from '../ui/icon.js';
import { EngineClock } from './clock.js';
import { shellTexts } from './texts.js';

/** French or English; kept for the next visit. */
export function LanguageSwitch() {
  const t = useTexts(shellTexts);
  const { locale, choose } = useLocale();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t.language}
      value={locale}
      onChange={choose}
      data={[
        { value: 'fr', label: 'FR' },
        { value: 'en', label: 'EN' },
      ]}
    />
  );
}

function SchemeSwitch() {
  const t = useTexts(shellTexts);
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const label = isDark ? t.toLight : t.toDark;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        <Icon name={isDark ? 'sun' : 'moon'} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu({ me }: { readonly me: Me }) {
  const t = useTexts(shellTexts);
  const c = useTexts(common);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useDo('signOut', []);
  const leave = () =>
    signOut.mutate(
      {},
      {
        onSuccess: () => {
          client.clear();
          void navigate({ to: '/sign-in' });
        },
      },
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton aria-label={c.pair(t.signedInAs, me.name)} p={4}>
          <Group gap={6} wrap="nowrap">
            <Icon name="person" />
            <Text size="sm" visibleFrom="md">
              {me.name}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.email}
          <br />
          {t[me.role]}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="signOut" size={16} />} onClick={leave}>
          {t.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface HeaderProps {
  readonly me: Me;
  readonly isMenuOpen: boolean;
  readonly onMenu: () => void;
}

/** Whose workspace this is, what time it is there, and the reader's own choices. */
export function Header({ me, isMenuOpen, onMenu }: HeaderProps) {
  const t = useTexts(shellTexts);
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
      <Group gap="sm" wrap="nowrap">
        <Burger
          size="sm"
          hiddenFrom="sm"
          opened={isMenuOpen}
          onClick={onMenu}
          aria-label={t.openMenu}
        />
        <img src="/favicon.svg" width={26} height={26} alt="Relance" />
        <Text fw={600} truncate>
          {me.workspace.name}
        </Text>
        {me.workspace.isSample && (
          <Tooltip label={t.sampleHint}>
            <Badge variant="default" tt="none" visibleFrom="sm" fw={500}>
              {t.sample}
            </Badge>
          </Tooltip>
        )}
      </Group>
      <Group gap="sm" wrap="nowrap">
        <PauseAll me={me} />
        <EngineClock clock={me.clock} />
        <LanguageSwitch />
        <SchemeSwitch />
        <UserMenu me={me} />
      </Group>
    </Group>
  );
}
