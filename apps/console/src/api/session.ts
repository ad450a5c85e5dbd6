import type { ApiResponse } from '#libs/contracts';
import { useRead } from './queries.js';

/** Who is signed in, their workspace and its clock. */
export type Me = ApiResponse<'me'>;

const RE_ANCHOR_MS = 20_000;

/** The person signed in. */
export const useMe = () => useRead('me', {}, { everyMs: RE_ANCHOR_MS });
