import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './figure.module.css';

interface FigureProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
}

/** One number with the words that say what it counts. */
export function Figure({ label, children, note }: FigureProps) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text className={classes['value'] ?? ''} component="div">
        {children}
      </Text>
      {note !== undefined && (
        <Text size="xs" c="dimmed" component="div" maw={300}>
          {note}
        </Text>
      )}
    </Stack>
  );
}
