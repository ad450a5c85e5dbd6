import { fail, ok, type EpochMs, type Result } from '#libs/kernel';
import type { Role } from '#libs/contracts';
import { SignInAttempts } from './attempts.js';
import type { AccessSecrets, AccessStore, ConsoleUser, PersonRole, StoredKey } from './ports.js';

/** Who asks: a person with a session, or a program with a key. */
export interface Principal {
  readonly kind: 'person' | 'program';
  readonly id: string;
  /** Lower-case; of a program its key's name. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Why somebody may not come in. */
export type AccessRefusal =
  | { readonly code: 'wrong_password' }
  | { readonly code: 'too_many_tries'; readonly waitSeconds: number }
  | { readonly code: 'link_used' }
  | { readonly code: 'user_exists' };

/** A session that begins; the token goes into the cookie and nowhere else. */
export interface SignedIn {
  readonly token: string;
  readonly untilWallMs: EpochMs;
  readonly principal: Principal;
}

/** What letting people in works with. */
export interface AccessPorts {
  readonly store: AccessStore;
  readonly secrets: AccessSecrets;
  readonly wallMs: () => EpochMs;
  /** Monotonic. */
  readonly elapsedMs: () => number;
  /** The home's own key, of whoever may read its secrets: acts as an administrator. */
  readonly homeKey: string;
}

const DAY_MS = 86_400_000;
/** How long a session lasts. */
export const SESSION_MS = 14 * DAY_MS;
/** How long a one-time link is good for. */
export const LINK_MS = DAY_MS;
const LIMITS = { perEmail: 8, perAddress: 40 };
const LONGEST_KEY = 200;

/** Sign-in, sessions, one-time links, users and keys. */
export class Access {
  private readonly attempts = new SignInAttempts(LIMITS);
  private decoy: Promise<string> | undefined;

  constructor(private readonly ports: AccessPorts) {}

  /** `address` is where the request comes from, for the limit of tries. */
  async signIn(
    given: { readonly email: string; readonly password: string },
    address: string,
  ): Promise<Result<SignedIn, AccessRefusal>> {
    const { store, secrets, elapsedMs } = this.ports;
    const { email, password } = given;
    const waitSeconds = this.attempts.waitSeconds(email, address, elapsedMs());
    if (waitSeconds > 0) return fail({ code: 'too_many_tries', waitSeconds });
    // Counted before the slow comparison, or a burst of tries at once would all pass.
    this.attempts.failed(email, address, elapsedMs());
    const user = await store.userByEmail(email);
    this.decoy ??= secrets.hashPassword(secrets.newToken());
    const isRight = await secrets.isPassword(password, user?.passwordHash ?? (await this.decoy));
    if (user === null || !isRight) return fail({ code: 'wrong_password' });
    this.attempts.succeeded(email);
    return ok(await this.begin(user));
  }

  async signInByLink(token: string): Promise<Result<SignedIn, AccessRefusal>> {
    const { store, secrets, wallMs } = this.ports;
    const user = await store.useLink(secrets.hashToken(token), wallMs());
    return user === null ? fail({ code: 'link_used' }) : ok(await this.begin(user));
  }

  /** Null where the session has ended, ran out or never was. */
  async personOf(token: string): Promise<Principal | null> {
    const { store, secrets, wallMs } = this.ports;
    const user = await store.userOfSession(secrets.hashToken(token), wallMs());
    return user === null ? null : principalOf(user);
  }

  async signOut(token: string): Promise<void> {
    await this.ports.store.endSession(this.ports.secrets.hashToken(token));
  }

  /** The program behind a key; the home's own key may do what an administrator may. */
  async programOf(key: string): Promise<Principal | null> {
    const { store, secrets, wallMs, homeKey } = this.ports;
    if (key === '' || key.length > LONGEST_KEY) return null;
    const hash = secrets.hashToken(key);
    // Hashes are compared, which tells nothing of how much of the key was right.
    if (hash === secrets.hashToken(homeKey)) {
      return {
        kind: 'program',
        id: 'home',
        email: 'home',
        name: 'home',
        roles: ['admin', 'machine'],
      };
    }
    const found = await store.useKey(hash, wallMs());
    if (found === null) return null;
    const { id, name } = found;
    return { kind: 'program', id, email: name, name, roles: ['machine'] };
  }

  async users(): Promise<readonly ConsoleUser[]> {
    return await this.ports.store.users();
  }

  /** Makes a password where none is given; it is answered once and never again. */
  async addUser(wish: {
    readonly email: string;
    readonly name: string;
    readonly role: PersonRole;
    readonly password?: string;
  }): Promise<Result<{ user: ConsoleUser; password: string | null; link: string }, AccessRefusal>> {
    const { store, secrets, wallMs } = this.ports;
    const made = wish.password === undefined ? secrets.newPassword() : null;
    const user: ConsoleUser = {
      id: secrets.newId(),
      email: wish.email.toLowerCase(),
      name: wish.name,
      role: wish.role,
      passwordHash: await secrets.hashPassword(made ?? wish.password ?? ''),
      createdWallMs: wallMs(),
      lastSignInWallMs: null,
    };
    if (!(await store.addUser(user))) return fail({ code: 'user_exists' });
    return ok({ user, password: made, link: await this.newLink(user.id) });
  }

  /** Token of a one-time link, good for a day. */
  async newLink(userId: string): Promise<string> {
    const { store, secrets, wallMs } = this.ports;
    const token = secrets.newToken();
    const hash = secrets.hashToken(token);
    await store.addLink({ hash, userId, untilWallMs: wallMs() + LINK_MS });
    return token;
  }

  /** A user with exactly this password, made or put right; for the people of the sample. */
  async ensureUser(wish: {
    readonly email: string;
    readonly name: string;
    readonly role: PersonRole;
    readonly password: string;
  }): Promise<ConsoleUser> {
    const { store, secrets } = this.ports;
    const known = await store.userByEmail(wish.email);
    if (known === null) {
      const added = await this.addUser(wish);
      // Lost against another process that does the same: then theirs holds.
      return added.ok ? added.value.user : await this.ensureUser(wish);
    }
    if (!(await secrets.isPassword(wish.password, known.passwordHash))) {
      await store.setPassword(known.id, await secrets.hashPassword(wish.password));
    }
    return known;
  }

  async keys(): Promise<readonly StoredKey[]> {
    return await this.ports.store.keys();
  }

  /** The key is answered once and never again. */
  async addKey(name: string, by: Principal): Promise<{ key: StoredKey; secret: string }> {
    const { store, secrets, wallMs } = this.ports;
    const secret = `rk_${secrets.newToken()}`;
    const key: StoredKey = {
      id: secrets.newId(),
      name,
      prefix: secret.slice(0, 8),
      hash: secrets.hashToken(secret),
      createdBy: by.email,
      createdWallMs: wallMs(),
      lastUsedWallMs: null,
      revokedWallMs: null,
    };
    await store.addKey(key);
    return { key, secret };
  }

  async revokeKey(id: string): Promise<boolean> {
    return await this.ports.store.revokeKey(id, this.ports.wallMs());
  }

  private async begin(user: ConsoleUser): Promise<SignedIn> {
    const { store, secrets, wallMs } = this.ports;
    const token = secrets.newToken();
    const untilWallMs = wallMs() + SESSION_MS;
    const hash = secrets.hashToken(token);
    await store.addSession({ hash, userId: user.id, untilWallMs }, wallMs());
    await store.signedIn(user.id, wallMs());
    return { token, untilWallMs, principal: principalOf(user) };
  }
}

function principalOf(user: ConsoleUser): Principal {
  const { id, email, name, role } = user;
  return { kind: 'person', id, email, name, roles: [role] };
}
