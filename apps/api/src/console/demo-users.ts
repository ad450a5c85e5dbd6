import { createHmac } from 'node:crypto';
import type { Access, PersonRole } from '#libs/application';

/** A person of the sample who may sign in. */
interface DemoUser {
  readonly email: string;
  readonly name: string;
  readonly role: PersonRole;
}

/** A way in for the ready message. */
export interface ConsoleLogin {
  readonly email: string;
  readonly password: string;
  readonly role: string;
  /** Good for a day, once. */
  readonly link: string;
}

const DOMAIN = 'maison-lumen.example';
const FIXED: readonly DemoUser[] = [
  { email: `admin@${DOMAIN}`, name: 'Administration', role: 'admin' },
  { email: `marketer@${DOMAIN}`, name: 'Marketing', role: 'marketer' },
  { email: `analyst@${DOMAIN}`, name: 'Analyse', role: 'analyst' },
];
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Generated from the home's secret, so that it is the same at each start and kept nowhere else. */
function passwordOf(secret: string, email: string): string {
  const bytes = createHmac('sha256', secret).update(`demo user ${email}`).digest();
  const letters = [...bytes.subarray(0, 16)].map((byte) => LETTERS[byte % LETTERS.length]);
  return [0, 4, 8, 12].map((from) => letters.slice(from, from + 4).join('')).join('-');
}

/** Makes the people of the sample, a rep for each owner of its accounts, and their ways in. */
export async function demoLogins(
  access: Access,
  options: {
    readonly secret: string;
    readonly publicUrl: string;
    /** E-mails of reps who own accounts. */
    readonly reps: readonly string[];
  },
): Promise<readonly ConsoleLogin[]> {
  const reps = options.reps.map((email): DemoUser => ({
    email,
    name: nameOf(email),
    role: 'sales',
  }));
  const users = [...new Map([...FIXED, ...reps].map((user) => [user.email, user])).values()];
  const logins: ConsoleLogin[] = [];
  for (const user of users) {
    const password = passwordOf(options.secret, user.email);
    const { id } = await access.ensureUser({ ...user, password });
    const link = `${options.publicUrl}/api/sign-in/${await access.newLink(id)}`;
    logins.push({ email: user.email, password, role: user.role, link });
  }
  return logins;
}

function nameOf(email: string): string {
  return (email.split('@')[0] ?? email)
    .split(/[._-]/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(' ');
}
