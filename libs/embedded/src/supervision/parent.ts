/** A one-time way in for a person of the sample, made by the api. */
export interface Login {
  readonly email: string;
  readonly password: string;
  readonly role: string;
  /** One-time sign-in link. */
  readonly link?: string;
}

/** What a part tells its supervisor when it does its work. */
export interface ReadyMessage {
  readonly type: 'ready';
  /** From the api, at the first start of a home with the sample. */
  readonly logins?: readonly Login[];
}

const isMessage = (value: unknown): value is { readonly type: unknown } =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Whether a message from a child says that it is ready. */
export function isReadyMessage(value: unknown): value is ReadyMessage {
  return isMessage(value) && value.type === 'ready';
}

/** Tells the supervisor that this part does its work now; nothing happens without a supervisor. */
export function reportReady(details: Omit<ReadyMessage, 'type'> = {}): void {
  if (process.connected !== true) return;
  const message: ReadyMessage = { type: 'ready', ...details };
  process.send?.(message);
}

/** Longest a part may take to stop once its supervisor is gone. */
const STOP_WITHIN_MS = 5_000;

/**
 * Ends this process when its supervisor is gone, so that a killed supervisor leaves nothing behind:
 * runs `stop`, at most 5 s, then exits. Nothing happens in a process started without a supervisor.
 * Call it first thing in a part's main. The channel does not keep the process running.
 */
export function exitWithParent(stop: () => Promise<void> = () => Promise.resolve()): void {
  if (process.send === undefined) return;
  const leave = (): void => {
    const exit = (): never => process.exit(0);
    setTimeout(exit, STOP_WITHIN_MS).unref();
    void stop().then(exit, exit);
  };
  // Gone before we got here: the channel is closed already and no event will come.
  if (process.connected !== true) return leave();
  process.once('disconnect', leave);
  process.channel?.unref();
}
