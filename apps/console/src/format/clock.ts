import { useEffect, useState } from 'react';
import { useMe } from '../api/session.js';

/**
 * The engine's time now, which may run faster than ours: the server's last word carried forward at
 * its speed. Falls back on this machine's time before the first answer.
 */
export function useEngineNow(everyMs = 5_000): number {
  const { data, dataUpdatedAt } = useMe();
  const [wallMs, setWallMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setWallMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  if (data === undefined) return wallMs;
  const { nowMs, speed, isResting } = data.clock;
  return nowMs + (isResting ? 0 : Math.max(0, wallMs - dataUpdatedAt) * speed);
}
