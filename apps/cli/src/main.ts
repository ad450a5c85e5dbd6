// First, so that the heap is small before it fills.
import './small-heap.js';
import { runCli } from './run-cli.js';

// A pipe that closes early, as `head` does, is no fault of ours.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  elapsedMs: () => performance.now(),
});
