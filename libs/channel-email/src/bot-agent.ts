import { isbot } from 'isbot';

const REMEMBERED_MAX = 2_000;
const remembered = new Map<string, boolean>();

/**
 * Whether a browser's name is that of a crawler or another machine. Remembers the names it has seen:
 * they are few, and the patterns are many.
 */
export function isBotAgent(userAgent: string): boolean {
  const known = remembered.get(userAgent);
  if (known !== undefined) return known;
  const answer = isbot(userAgent);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(userAgent, answer);
  return answer;
}
