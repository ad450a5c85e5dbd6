import type { z } from 'zod';
import type { LocalText } from '#libs/kernel';
import type { Role } from './shared.js';

/** Who may call a route; `anyone` needs no sign-in. */
export type Access = Role | 'anyone';

/** One route of the API: all that guards, documentation, clients and tests know of it. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:name` parameters. */
  readonly path: string;
  readonly roles: readonly Access[];
  readonly summary: LocalText;
  /** Query parameters. */
  readonly query?: z.ZodObject;
  /** JSON body; `ndjson` takes lines of JSON. */
  readonly body?: z.ZodType | 'ndjson';
  /** JSON answer of a 200; a redirection answers 302 and nothing else. */
  readonly response: z.ZodType | 'redirect';
  /** Most bytes of a body; 64 KB without. */
  readonly maxBodyBytes?: number;
}

/** Keeps the literal types of a route. */
export function route<const Route extends ApiRoute>(definition: Route): Route {
  return definition;
}
