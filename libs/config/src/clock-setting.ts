/** Which clock waits, caps and windows use; `START@SPEED` runs `speed` times as fast as the wall. */
export type ClockSetting =
  | { readonly kind: 'wall' }
  | {
      readonly kind: 'accelerated';
      /** Where it starts on a new home; 'now' is the wall's time of the first start. */
      readonly startMs: number | 'now';
      /** Seconds of the clock in a second of the wall, 1 to 100,000; 1440 is a day a minute. */
      readonly speed: number;
    };

const MAX_SPEED = 100_000;
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function startOf(text: string): number | 'now' | undefined {
  if (text === 'now') return 'now';
  const startMs = ZONED.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(startMs) ? undefined : startMs;
}

/** Reads `wall` or `START@SPEED`, START an instant with its zone or `now`; undefined if neither. */
export function parseClock(text: string): ClockSetting | undefined {
  if (text === 'wall') return { kind: 'wall' };
  const at = text.lastIndexOf('@');
  const startMs = at > 0 ? startOf(text.slice(0, at)) : undefined;
  const speedText = text.slice(at + 1);
  const speed = /^\d+(\.\d+)?x?$/.test(speedText) ? Number.parseFloat(speedText) : Number.NaN;
  if (startMs === undefined || !(speed >= 1 && speed <= MAX_SPEED)) return undefined;
  return { kind: 'accelerated', startMs, speed };
}

/** The setting as `parseClock` reads it. */
export function clockText(setting: ClockSetting): string {
  if (setting.kind === 'wall') return 'wall';
  const { startMs, speed } = setting;
  return `${startMs === 'now' ? 'now' : new Date(startMs).toISOString()}@${speed}`;
}
