import { Socket } from 'node:net';

/**
 * A socket that sends what is written in one turn of the event loop in one call to the system:
 * statements asked for together (`pipeline`) leave together, each of several small messages.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  // Not before: connecting puts the method of the class back.
  socket.once('connect', () => gather(socket));
  return socket;
}

function gather(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isGathering = false;
  socket.write = (...args: unknown[]): boolean => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write(...args);
  };
}
