import type { Duplex } from 'node:stream';

/**
 * Feeds a stream chunk by chunk, and gives what it made of one before it feeds the next: in a pipe a
 * fault would take along what was made before it and not yet read. `made` is filled by the stream as
 * it works. Throws the stream's own error, after all it made.
 */
export async function* through<Made>(
  chunks: AsyncIterable<Buffer>,
  stream: Duplex,
  made: Made[],
): AsyncGenerator<Made> {
  let fault: Error | undefined;
  let isOver = false;
  let wake = (): void => undefined;
  stream.on('error', (error) => (fault = error));
  for (const event of ['end', 'close']) {
    stream.on(event, () => {
      isOver = true;
      wake();
    });
  }
  // A stream that fails, or has had enough, does not answer the write it is at; it ends or closes.
  const done = (work: (answer: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      work(resolve);
    });
  try {
    for await (const chunk of chunks) {
      await done((answer) => stream.write(chunk, answer));
      yield* made.splice(0);
      if (fault !== undefined) throw fault;
      if (isOver) return;
    }
    await done(() => stream.end());
    yield* made.splice(0);
    if (fault !== undefined) throw fault;
  } finally {
    stream.destroy();
  }
}
