import { z } from 'zod';
import { epochMs, id, PERSON_ROLES, ROLES } from './shared.js';

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/);

/** `POST /api/sign-in`. */
export const signInBody = z.strictObject({ email, password: z.string().min(1).max(200) });

/** Who is signed in, and what the header of every page shows. */
export const me = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  /** Page this role lands on: `/today`, `/accounts`, `/results`, `/status`. */
  home: z.string(),
  locale: z.enum(['fr', 'en']),
  workspace: z.object({
    id: z.string(),
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    locales: z.array(z.string()),
    /** True: made-up data, mailing nobody. */
    isSample: z.boolean(),
  }),
  /** The engine's time; `speed` is 1 on the wall clock, 1440 at a day a minute. */
  clock: z.object({ nowMs: epochMs, speed: z.number(), isResting: z.boolean() }),
});

/** `GET /api/users`. */
export const user = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role: z.enum(PERSON_ROLES),
  createdAtMs: epochMs,
  lastSignInAtMs: epochMs.nullable(),
});

/** `POST /api/users`; a password is made where none is given. */
export const newUserBody = z.strictObject({
  email,
  name: z.string().trim().min(1).max(120).optional(),
  role: z.enum(PERSON_ROLES),
  password: z.string().min(12).max(200).optional(),
});

/** The only time that the password and the one-time link are shown. */
export const newUser = z.object({ user, password: z.string().nullable(), signInUrl: z.string() });

/** `GET /api/keys`; the key itself is never shown again. */
export const apiKey = z.object({
  id,
  name: z.string(),
  /** First characters, to tell keys apart. */
  prefix: z.string(),
  createdAtMs: epochMs,
  createdBy: z.string(),
  lastUsedAtMs: epochMs.nullable(),
  revokedAtMs: epochMs.nullable(),
});

/** `POST /api/keys`. */
export const newKeyBody = z.strictObject({ name: z.string().trim().min(1).max(80) });

/** The only time that the key is shown. */
export const newKey = z.object({ key: apiKey, secret: z.string() });
