const WINDOW_MS = 15 * 60_000;
const MAX_KEPT = 20_000;

interface Count {
  readonly fromMs: number;
  failures: number;
}

/**
 * Slows down guessing: so many failures of one e-mail, or from one address, in 15 minutes. Kept in
 * memory: a restart forgives, and nothing can be filled up from outside.
 */
export class SignInAttempts {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly limits: { readonly perEmail: number; readonly perAddress: number },
  ) {}

  /** Seconds to wait before another try; 0: go on. */
  waitSeconds(email: string, address: string, elapsedMs: number): number {
    return Math.max(
      this.waitOf(`e ${email}`, this.limits.perEmail, elapsedMs),
      this.waitOf(`a ${address}`, this.limits.perAddress, elapsedMs),
    );
  }

  failed(email: string, address: string, elapsedMs: number): void {
    for (const key of [`e ${email}`, `a ${address}`]) {
      const known = this.live(key, elapsedMs);
      if (known !== undefined) {
        known.failures += 1;
        continue;
      }
      if (this.counts.size >= MAX_KEPT) this.forgetOldest();
      this.counts.set(key, { fromMs: elapsedMs, failures: 1 });
    }
  }

  /** A right password clears the e-mail, not the address. */
  succeeded(email: string): void {
    this.counts.delete(`e ${email}`);
  }

  private waitOf(key: string, most: number, elapsedMs: number): number {
    const known = this.live(key, elapsedMs);
    if (known === undefined || known.failures < most) return 0;
    return Math.max(1, Math.ceil((known.fromMs + WINDOW_MS - elapsedMs) / 1_000));
  }

  private live(key: string, elapsedMs: number): Count | undefined {
    const known = this.counts.get(key);
    if (known !== undefined && elapsedMs - known.fromMs >= WINDOW_MS) {
      this.counts.delete(key);
      return undefined;
    }
    return known;
  }

  private forgetOldest(): void {
    const [oldest] = this.counts.keys();
    if (oldest !== undefined) this.counts.delete(oldest);
  }
}
