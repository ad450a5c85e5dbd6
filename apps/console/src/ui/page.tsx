import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly intro?: ReactNode;
  /** Beside the title: state, way back. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title, also in the browser's tab, and what it holds. */
export function Page({ title, intro, aside, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Relance`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <Box maw={760}>
          <Title order={1}>{title}</Title>
          {intro !== undefined && (
            <Text c="dimmed" mt={4} component="div">
              {intro}
            </Text>
          )}
        </Box>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
