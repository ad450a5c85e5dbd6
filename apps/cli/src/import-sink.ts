import type { ImportSink } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import type { EngineClient } from './engine-client.js';
import { CliError, EXIT, problem } from './cli-error.js';

/** What is in hand at once exists several times: as events, as text and as the body of a request. */
const BATCH_BYTES = 524_288;
const BATCH_LINES = 500;
const TRIES = 5;
const FIRST_PAUSE_MS = 500;

/**
 * Sends imported events to the engine. The same file gives the same events in the same order, so the
 * number already taken is the place to go on from after a break.
 */
export class EngineImportSink implements ImportSink {
  private position = 0;
  private lines: string[] = [];
  private bytes = 0;

  constructor(
    private readonly engine: EngineClient,
    private readonly job: { readonly id: string; readonly skip: number },
  ) {}

  async append(events: readonly RawEvent[]): Promise<void> {
    for (const event of events) {
      this.position += 1;
      if (this.position <= this.job.skip) continue;
      const line = JSON.stringify(event);
      this.lines.push(line);
      this.bytes += line.length;
      if (this.bytes >= BATCH_BYTES || this.lines.length >= BATCH_LINES) await this.send(false);
    }
  }

  /** Sends what is left and says that this was all. */
  async finish(): Promise<void> {
    await this.send(true);
  }

  /** Sends what is left of a file that could not be read to its end: the import stays open. */
  async pause(): Promise<void> {
    if (this.lines.length > 0) await this.send(false);
  }

  private async send(isLast: boolean): Promise<void> {
    const text = this.lines.join('\n');
    this.lines = [];
    this.bytes = 0;
    const query = { cursor: String(this.position), last: isLast ? ('1' as const) : ('0' as const) };
    const answer = await this.retried(() =>
      this.engine.call('importEvents', { params: { job: this.job.id }, query, text }),
    );
    const [first] = answer.rejected;
    if (first === undefined) return;
    throw problem(
      `Le moteur a refusé ${answer.rejected.length} évènements : ${first.reason}.`,
      `The engine refused ${answer.rejected.length} events: ${first.reason}.`,
      {
        fr: 'Les autres sont pris. Corrigez la correspondance, puis recommencez.',
        en: 'The others are taken. Correct the mapping, then try again.',
      },
    );
  }

  /** An engine that restarts comes back: a batch may be sent again, each event counts once. */
  private async retried<Value>(work: () => Promise<Value>): Promise<Value> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const isAway = error instanceof CliError && error.exitCode === EXIT.unreachable;
        if (!isAway || attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
      }
    }
  }
}
