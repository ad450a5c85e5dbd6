import { Center, Stack, Text, ThemeIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** What would fill it. */
  readonly children: ReactNode;
  /** The way to fill it. */
  readonly action?: ReactNode;
}

/** Nothing yet: what would fill it, and the way. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw={460}>
        <ThemeIcon variant="default" size={52} radius="xl">
          <Icon name={icon} size={26} />
        </ThemeIcon>
        <Text fw={600} ta="center">
          {title}
        </Text>
        <Text c="dimmed" ta="center" size="sm" component="div">
          {children}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}
