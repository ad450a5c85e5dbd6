import { setFlagsFromString } from 'node:v8';

/**
 * A command runs beside the engine, whose memory is the machine's to count on. Left to itself Node
 * grows the heap to several times of what lives in it. These take effect after the start, before
 * anything is loaded, and bound nothing: what truly needs more gets it.
 */
const FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=50'];

for (const flag of FLAGS) setFlagsFromString(flag);
