const LOOK_EVERY_MS = 500;

/**
 * Runs `act` once when npm, which started us, is gone: it passes a signal to its shell only, and the
 * shell dies of it without telling us. Nothing happens where npm did not start us, so that a
 * program put into the background stays there. Answers with a way to stop looking.
 */
export function whenNpmIsGone(act) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
