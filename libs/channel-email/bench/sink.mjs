// The catcher in a process of its own, with a store that keeps nothing. Prints its port.
import { startMailCatcher } from '#libs/embedded';

let taken = 0;
const catcher = await startMailCatcher({
  port: 0,
  onMessage: async () => {
    taken += 1;
  },
});
process.stdout.write(`${catcher.port}\n`);
process.on('message', (asked) => {
  if (asked === 'count') process.send?.(taken);
});
process.on('disconnect', () => void catcher.close().then(() => process.exit(0)));
