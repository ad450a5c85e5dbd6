import {
  SESSION_MS,
  type AccessRefusal,
  type ConsoleUser,
  type Principal,
  type SignedIn,
  type StoredKey,
} from '#libs/application';
import type { ApiRefusal, ApiResponse, Role } from '#libs/contracts';
import { localised, type Locale } from '#libs/kernel';
import type { CommandBus } from '@nestjs/cqrs';
import { AddKey, AddUser, RevokeKey } from '../commands/access.js';
import { NOBODY } from '../commands/command.js';
import type { Console } from '../create-console.js';
import { answer, refuse, type ApiCall, type ApiHandlers } from '../http/answer.js';
import { sessionCookie } from '../http/caller.js';

type Session = Pick<
  ApiHandlers,
  | 'me'
  | 'signIn'
  | 'signOut'
  | 'signInByLink'
  | 'users'
  | 'createUser'
  | 'keys'
  | 'createKey'
  | 'revokeKey'
>;

const HOMES: Readonly<Record<Role, string>> = {
  marketer: '/today',
  sales: '/accounts',
  analyst: '/results',
  admin: '/status',
  machine: '/today',
};

function refusalOf(refused: AccessRefusal): ApiRefusal {
  return refused.code === 'too_many_tries'
    ? refuse('too_many_tries', { seconds: refused.waitSeconds })
    : refuse(refused.code);
}

/** Who is here, and what the header of every page shows. */
function meOf(console: Console, principal: Principal, locale: Locale): ApiResponse<'me'> {
  const { ground, options } = console;
  const relance = ground.workspace.isReady ? ground.workspace.published.compiled.relance : null;
  const role = principal.roles[0] ?? 'machine';
  const { clock, isSample } = options;
  return {
    id: principal.id,
    email: principal.email,
    name: principal.name,
    role,
    home: HOMES[role],
    locale,
    workspace: {
      id: relance?.workspace ?? '',
      name: relance === null ? 'Relance' : localised(relance.name, locale),
      timezone: relance?.timezone ?? 'UTC',
      currency: relance?.currency ?? 'EUR',
      locales: [...(relance?.locales ?? ['fr', 'en'])],
      isSample,
    },
    clock: {
      nowMs: clock.nowMs(),
      speed: clock.speed,
      isResting: clock.isAccelerated && clock.speed === 0,
    },
  };
}

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

function setSession(console: Console, call: Pick<ApiCall<'me'>, 'setHeader'>, begun: SignedIn) {
  const options = {
    isSecure: isSecure(console.options.publicUrl),
    maxAgeSeconds: Math.floor(SESSION_MS / 1_000),
  };
  call.setHeader('set-cookie', sessionCookie(begun.token, options));
}

function userView(user: ConsoleUser): ApiResponse<'users'>['items'][number] {
  const { id, email, name, role } = user;
  return {
    id,
    email,
    name,
    role,
    createdAtMs: user.createdWallMs,
    lastSignInAtMs: user.lastSignInWallMs,
  };
}

function keyView(key: StoredKey): ApiResponse<'keys'>['items'][number] {
  const { id, name, prefix, createdBy } = key;
  return {
    id,
    name,
    prefix,
    createdBy,
    createdAtMs: key.createdWallMs,
    lastUsedAtMs: key.lastUsedWallMs,
    revokedAtMs: key.revokedWallMs,
  };
}

/** Signing in and out, users and keys. */
export function sessionHandlers(console: Console, commands: CommandBus): Session {
  const { access, options } = console;
  return {
    me: async ({ principal, locale }) => answer(meOf(console, principal ?? NOBODY, locale)),
    async signIn(call) {
      const begun = await access.signIn(call.body, call.address);
      if (!begun.ok) return refusalOf(begun.error);
      setSession(console, call, begun.value);
      return answer(meOf(console, begun.value.principal, call.locale));
    },
    async signOut(call) {
      if (call.sessionToken !== null) await access.signOut(call.sessionToken);
      const ended = { isSecure: isSecure(options.publicUrl), maxAgeSeconds: 0 };
      call.setHeader('set-cookie', sessionCookie('', ended));
      return answer({ done: true as const });
    },
    async signInByLink(call) {
      // A preview of the link must not use it up.
      if (call.isPeek) return { redirect: '/sign-in' };
      const begun = await access.signInByLink(call.params['token'] ?? '');
      if (!begun.ok) return refusalOf(begun.error);
      setSession(console, call, begun.value);
      return { redirect: HOMES[begun.value.principal.roles[0] ?? 'marketer'] };
    },
    users: async () => answer({ items: (await access.users()).map(userView) }),
    async createUser({ body, principal }) {
      const { email, role, password } = body;
      const wish = {
        email,
        role,
        name: body.name ?? email.split('@')[0] ?? email,
        ...(password === undefined ? {} : { password }),
      };
      const added = await commands.execute(new AddUser(principal, wish));
      if (!added.ok) return refusalOf(added.error);
      const { user, link, password: made } = added.value;
      const signInUrl = `${options.publicUrl}/api/sign-in/${link}`;
      return answer({ user: userView(user), password: made, signInUrl });
    },
    keys: async () => answer({ items: (await access.keys()).map(keyView) }),
    async createKey({ body, principal }) {
      const { key, secret } = await commands.execute(new AddKey(principal, body.name));
      return answer({ key: keyView(key), secret });
    },
    async revokeKey({ params, principal }) {
      const isRevoked = await commands.execute(new RevokeKey(principal, params['id'] ?? ''));
      return isRevoked ? answer({ done: true as const }) : refuse('not_found');
    },
  };
}
