/**
 * Holds an answer for at least a while, and for twenty times as long as it took: counts over a large
 * installation are asked for by every open page, and may be a little old rather than a burden. One
 * question is under way at a time. Times are monotonic.
 */
export class Held<Value> {
  private value: { readonly answer: Value; readonly untilMs: number } | undefined;
  private asking: Promise<Value> | undefined;

  constructor(
    private readonly ask: () => Promise<Value>,
    private readonly options: { readonly leastMs: number; readonly elapsedMs: () => number },
  ) {}

  async get(): Promise<Value> {
    const { elapsedMs } = this.options;
    if (this.value !== undefined && elapsedMs() < this.value.untilMs) return this.value.answer;
    this.asking ??= this.refresh().finally(() => {
      this.asking = undefined;
    });
    return await this.asking;
  }

  /** The next question is asked anew. */
  forget(): void {
    this.value = undefined;
  }

  private async refresh(): Promise<Value> {
    const { elapsedMs, leastMs } = this.options;
    const fromMs = elapsedMs();
    const answer = await this.ask();
    const tookMs = elapsedMs() - fromMs;
    this.value = { answer, untilMs: elapsedMs() + Math.max(leastMs, tookMs * 20) };
    return answer;
  }
}
