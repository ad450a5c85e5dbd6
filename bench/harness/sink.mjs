// A mail server in a process of its own, which counts messages by their delivery id.
import { startMailCatcher } from '#libs/embedded';

const DELIVERY = /^X-Relance-Delivery: (.*)\r?$/im;
const received = [];
const catcher = await startMailCatcher({
  port: 0,
  onMessage: async (raw, { to }) => {
    const head = raw.toString('latin1', 0, raw.indexOf('\r\n\r\n'));
    received.push([DELIVERY.exec(head)?.[1] ?? '', to[0] ?? '', Date.now()]);
  },
});
process.on('message', ({ ask, id }) => {
  const answer = ask === 'count' ? received.length : ask === 'list' ? received : catcher.port;
  process.send?.({ id, answer });
});
process.on('disconnect', () => process.exit(0));
