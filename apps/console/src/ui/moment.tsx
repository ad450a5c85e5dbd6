import { useEngineNow } from '../format/clock.js';
import { formatOf, useFormat } from '../format/format.js';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';

interface MomentProps {
  readonly atMs: number;
  /** `relative`: `il y a 3 jours`, the date on hover. */
  readonly as?: 'dateTime' | 'date' | 'time' | 'relative';
}

const readersZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An instant in the workspace's zone; on hover in full, and in the reader's zone where it differs. */
export function Moment({ atMs, as = 'dateTime' }: MomentProps) {
  const format = useFormat();
  const t = useTexts(common);
  const nowMs = useEngineNow();
  const full = format.dateTime(atMs);
  const yours = formatOf(format.locale, readersZone).dateTime(atMs);
  const title = yours === full ? full : `${full} (${t.yourTime(yours)})`;
  const shown = as === 'relative' ? format.relative(atMs, nowMs) : format[as](atMs);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={title}>
      {shown}
    </time>
  );
}
