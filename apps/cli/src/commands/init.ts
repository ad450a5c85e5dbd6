import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, problem } from '../cli-error.js';
import type { Command } from '../command.js';

/** A workspace that lint accepts and that does nothing yet. */
function filesOf(id: string): Readonly<Record<string, string>> {
  return {
    'relance.yaml': `workspace: ${id}
name: { fr: ${id}, en: ${id} }
timezone: Europe/Paris
locales: [fr, en]
currency: EUR
country: FR
senders:
  main: { channel: email, from: "bonjour@example.com", stream: marketing }
holdout: { share: 5%, salt: ${id} }
`,
    'profile.yaml': `identities:
  - { ns: user_id, unique: true }
  - { ns: email, limit: 5, mergeable: verified, normalise: email }
  - { ns: anonymous_id, limit: 20, window: 90d }
sources:
  web: { kind: online }
  form: { kind: online }
  api: { kind: online }
  erp: { kind: offline }
  relance: { kind: engine }
traits:
  firstName: { type: string, personal: true, master: [erp, form, web] }
  lastName: { type: string, personal: true, master: [erp, form, web] }
  email: { type: email, personal: true, master: [form, erp, web] }
  country: { type: string, master: [erp, web] }
  timezone: { type: timezone, master: [web], strategy: recency }
aggregates:
  orders_365d: { count: order_completed, window: 365d }
  revenue_365d: { sum: order_completed.total, window: 365d }
rfm: { on: order_completed, value: total, window: 365d, cuts: quintiles }
accounts: { key: account_id, also: [siren], member_by: group, owner_from: erp }
`,
    'policies.yaml': `purposes:
  marketing: { basis: [opt_in, soft_opt_in] }
  transactional: { basis: [contract], ignores: [holdout, caps, quiet_hours], obeys: [suppression] }
caps:
  - { channel: email, purpose: marketing, per: 7d, max: 3 }
quiet_hours:
  - { channel: email, allow: { from: "07:00", to: "21:00" }, zone: profile, otherwise: wait }
suppress: { hard_bounces: 1, soft_bounces: { count: 3, per: 30d }, complaints: 1 }
`,
    '.gitignore': '.relance/\n',
  };
}

/** An id as workspaces have them, from a folder's name. */
function idOf(folder: string): string {
  const id = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 64);
  return id === '' ? 'workspace' : id;
}

/** Makes an empty workspace, and a home beside it. */
export const init: Command = {
  usage: 'FOLDER',
  about: {
    fr: 'Crée un espace de travail vide, que « lint » accepte, et son dossier de données, à l’heure du mur.',
    en: 'Makes an empty workspace that "lint" accepts, and its home, on the wall clock.',
  },
  example: 'relance init my-shop',
  words: [1, 1],
  run({ args, terminal }) {
    const folder = resolve(args[0] ?? '.');
    if (existsSync(folder) && !statSync(folder).isDirectory()) {
      throw problem(`${folder} n’est pas un dossier.`, `${folder} is not a folder.`, {
        fr: 'Prenez un dossier nouveau : rien n’y est écrasé.',
        en: 'Take a new folder: nothing is overwritten.',
      });
    }
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw problem(`Le dossier ${folder} n’est pas vide.`, `The folder ${folder} is not empty.`, {
        fr: 'Prenez un dossier nouveau : rien n’y est écrasé.',
        en: 'Take a new folder: nothing is overwritten.',
      });
    }
    const home = join(folder, '.relance');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const files = Object.entries(filesOf(idOf(folder)));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      // Never over a file that somebody else has just made.
      writeFileSync(join(folder, path), text, { flag: 'wx' });
    }
    terminal.say({ fr: `${folder} est prêt. Ensuite :`, en: `${folder} is ready. Next:` });
    terminal.print(`RELANCE_HOME=${home} RELANCE_WORKSPACE=${folder} npx relance up --empty`);
    terminal.json({ folder, home, files: files.map(([path]) => path) });
    return Promise.resolve(EXIT.done);
  },
};
