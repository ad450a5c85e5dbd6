import { useComputedColorScheme, useMantineTheme, type MantineTheme } from '@mantine/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use as register, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import classes from './chart.module.css';

register([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  AriaComponent,
  SVGRenderer,
]);

interface ChartProps {
  /** What the plot shows, in words. */
  readonly label: string;
  readonly option: EChartsCoreOption;
}

function quietColours(theme: MantineTheme, isDark: boolean): EChartsCoreOption {
  const grey = isDark ? theme.colors.dark[1] : theme.colors.gray[7];
  return {
    backgroundColor: 'transparent',
    color: [theme.colors.indigo[5], theme.colors.orange[6], theme.colors.teal[6]],
    textStyle: { fontFamily: theme.fontFamily, color: grey },
    darkMode: isDark,
  };
}

/** A plot; whoever places it gives a table of the same figures beside it. */
export function Chart({ label, option }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = useMantineTheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  useEffect(() => {
    if (frame.current === null) return undefined;
    const chart = init(frame.current, isDark ? 'dark' : undefined, { renderer: 'svg' });
    const calm = { animation: false, ...quietColours(theme, isDark) };
    chart.setOption({ ...calm, ...option });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(frame.current);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [option, theme, isDark]);
  return <div ref={frame} className={classes['frame']} role="img" aria-label={label} />;
}
