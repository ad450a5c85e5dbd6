/** Signals that ask for a stop; a closed terminal (SIGHUP) asks for the same. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals that come this soon after the first are the same wish, told several times. */
export const ONE_WISH_MS = 2_000;

/** A wish to stop. */
export interface StopWish {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  /** Runs at a later signal that is not an echo of the first: someone is in a hurry. */
  onHurry(hurry: () => void): void;
}

/** Decides what a signal at a given time means: the wish, an echo of it, or hurry. */
export function signalMeaning(
  firstMs: number | undefined,
  atMs: number,
): 'stop' | 'echo' | 'hurry' {
  if (firstMs === undefined) return 'stop';
  return atMs - firstMs < ONE_WISH_MS ? 'echo' : 'hurry';
}

/** Listens for the signals for the rest of this process. */
export function listenForStop(): StopWish {
  let firstMs: number | undefined;
  let hurry = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    const onSignal = (): void => {
      const atMs = performance.now();
      const meaning = signalMeaning(firstMs, atMs);
      if (meaning === 'stop') {
        firstMs = atMs;
        resolve();
      }
      if (meaning === 'hurry') hurry();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
  return { asked, onHurry: (act) => (hurry = act) };
}
