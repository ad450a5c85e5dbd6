import type { ClickHouseUser } from './request.js';

/** What the launcher tells its child, over the channel between them: secrets stay out of sight. */
export interface ChildConfig {
  readonly type: 'start';
  readonly dataDir: string;
  readonly port: number;
  readonly users: readonly ClickHouseUser[];
}

/** What the child answers. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly reason: 'port_busy' | 'engine'; readonly text: string };

const hasType = (value: unknown): value is { readonly type: unknown } =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Whether a message starts the child. */
export function isChildConfig(value: unknown): value is ChildConfig {
  return hasType(value) && value.type === 'start';
}

/** Whether a message is the child's answer. */
export function isChildMessage(value: unknown): value is ChildMessage {
  return hasType(value) && (value.type === 'ready' || value.type === 'failed');
}
