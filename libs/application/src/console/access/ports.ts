import type { EpochMs } from '#libs/kernel';
import type { Role } from '#libs/contracts';

/** A role a person may have. */
export type PersonRole = Exclude<Role, 'machine'>;

/** Somebody who may sign in to the console. Times are of the wall. */
export interface ConsoleUser {
  readonly id: string;
  /** Lower-case; a rep's is the owner of accounts and tasks. */
  readonly email: string;
  readonly name: string;
  readonly role: PersonRole;
  readonly passwordHash: string;
  readonly createdWallMs: EpochMs;
  readonly lastSignInWallMs: EpochMs | null;
}

/** A key of a program; the key itself is never stored. Times are of the wall. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  /** First characters, to tell keys apart. */
  readonly prefix: string;
  readonly hash: string;
  readonly createdBy: string;
  readonly createdWallMs: EpochMs;
  readonly lastUsedWallMs: EpochMs | null;
  readonly revokedWallMs: EpochMs | null;
}

/** Something that lets its bearer in for a while: stored as a hash only. */
export interface Ticket {
  readonly hash: string;
  readonly userId: string;
  readonly untilWallMs: EpochMs;
}

/** Users, sessions, one-time links and keys in the store. */
export interface AccessStore {
  users(): Promise<readonly ConsoleUser[]>;
  userByEmail(email: string): Promise<ConsoleUser | null>;
  /** False where the e-mail has a user already. */
  addUser(user: ConsoleUser): Promise<boolean>;
  setPassword(userId: string, passwordHash: string): Promise<void>;
  signedIn(userId: string, wallMs: EpochMs): Promise<void>;
  addSession(session: Ticket, wallMs: EpochMs): Promise<void>;
  /** The user of a session that has not run out. */
  userOfSession(hash: string, wallMs: EpochMs): Promise<ConsoleUser | null>;
  endSession(hash: string): Promise<void>;
  addLink(link: Ticket): Promise<void>;
  /** Uses a link up; null where it was used, ran out or never was. */
  useLink(hash: string, wallMs: EpochMs): Promise<ConsoleUser | null>;
  keys(): Promise<readonly StoredKey[]>;
  addKey(key: StoredKey): Promise<void>;
  /** A key that is not revoked; notes its use at most once a minute. */
  useKey(hash: string, wallMs: EpochMs): Promise<StoredKey | null>;
  /** False where no such key is in use. */
  revokeKey(id: string, wallMs: EpochMs): Promise<boolean>;
}

/** Secrets: made, and compared without giving them away. */
export interface AccessSecrets {
  /** 256 random bits as text. */
  newToken(): string;
  newId(): string;
  /** Of a token, which is random: a plain hash is enough. */
  hashToken(token: string): string;
  /** Of a password, slow on purpose. */
  hashPassword(password: string): Promise<string>;
  /** False also for a hash that cannot be read; takes as long either way. */
  isPassword(password: string, hash: string): Promise<boolean>;
  /** Words nobody guesses, to be typed by a person. */
  newPassword(): string;
}
