import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';

interface PlotProps {
  readonly plot: ReactNode;
  readonly table: ReactNode;
}

/** A plot with the table of its figures behind it. */
export function Plot({ plot, table }: PlotProps) {
  const t = useTexts(common);
  const [isTable, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="xs">
      {isTable ? table : plot}
      <div>
        <Button variant="subtle" size="compact-sm" onClick={toggle}>
          {isTable ? t.showPlot : t.showTable}
        </Button>
      </div>
    </Stack>
  );
}
