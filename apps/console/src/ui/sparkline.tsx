import classes from './sparkline.module.css';

interface SparklineProps {
  /** What it shows, in words: its only text for who does not see it. */
  readonly label: string;
  readonly values: readonly number[];
}

const WIDTH = 96;
const HEIGHT = 26;
const GAP = 3;

/** A few bars the size of a word. */
export function Sparkline({ label, values }: SparklineProps) {
  const top = Math.max(1e-9, ...values);
  const width = (WIDTH - GAP * (values.length - 1)) / Math.max(1, values.length);
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label} className={classes['bars']}>
      <title>{label}</title>
      {values.map((value, index) => {
        const height = Math.max(1.5, (value / top) * HEIGHT);
        return (
          <rect
            key={index}
            x={index * (width + GAP)}
            y={HEIGHT - height}
            width={width}
            height={height}
            rx={1}
          />
        );
      })}
    </svg>
  );
}
