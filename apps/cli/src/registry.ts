import type { LocalText } from '#libs/kernel';
import type { Command } from './command.js';

/** A command by name; what it needs is loaded only when it is asked for. */
export interface Entry {
  readonly about: LocalText;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  init: {
    about: { fr: 'crée un espace de travail vide', en: 'makes an empty workspace' },
    load: async () => (await import('./commands/init.js')).init,
  },
  up: {
    about: { fr: 'démarre Relance', en: 'starts Relance' },
    load: async () => (await import('./commands/up.js')).up,
  },
  doctor: {
    about: {
      fr: 'dit ce qui est utilisé, où, et si cela répond',
      en: 'says what is used, where, and whether it answers',
    },
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  lint: {
    about: { fr: 'vérifie un espace de travail', en: 'checks a workspace' },
    load: async () => (await import('./commands/lint.js')).lint,
  },
  test: {
    about: {
      fr: 'rejoue les tests d’un espace de travail',
      en: 'runs the tests of a workspace',
    },
    load: async () => (await import('./commands/test.js')).test,
  },
  simulate: {
    about: {
      fr: 'rejoue le passé dans un scénario',
      en: 'plays the past through a scenario',
    },
    load: async () => (await import('./commands/simulate.js')).simulate,
  },
  plan: {
    about: { fr: 'dit ce que publier changerait', en: 'says what publishing would change' },
    load: async () => (await import('./commands/publish.js')).plan,
  },
  apply: {
    about: { fr: 'publie un espace de travail', en: 'publishes a workspace' },
    load: async () => (await import('./commands/publish.js')).apply,
  },
  versions: {
    about: { fr: 'dit ce qui a été publié, par qui et quand', en: 'lists what was published' },
    load: async () => (await import('./commands/rollback.js')).versions,
  },
  rollback: {
    about: { fr: 'publie à nouveau un contenu d’avant', en: 'publishes an earlier content again' },
    load: async () => (await import('./commands/rollback.js')).rollback,
  },
  import: {
    about: { fr: 'importe un fichier', en: 'imports a file' },
    load: async () => (await import('./commands/import.js')).importFile,
  },
  'send-event': {
    about: { fr: 'envoie un évènement', en: 'sends an event' },
    load: async () => (await import('./commands/send-event.js')).sendEvent,
  },
  explain: {
    about: {
      fr: 'dit pourquoi une personne en est là',
      en: 'says why a person is where they are',
    },
    load: async () => (await import('./commands/explain.js')).explain,
  },
  pause: {
    about: { fr: 'suspend tout, ou un scénario', en: 'pauses everything, or a scenario' },
    load: async () => (await import('./commands/operate.js')).pause,
  },
  resume: {
    about: { fr: 'reprend ce qui est suspendu', en: 'resumes what is paused' },
    load: async () => (await import('./commands/operate.js')).resume,
  },
  stop: {
    about: { fr: 'arrête des parcours', en: 'ends enrolments' },
    load: async () => (await import('./commands/operate.js')).stop,
  },
  'dead-letters': {
    about: {
      fr: 'montre, rejoue ou classe les lettres mortes',
      en: 'shows, replays or dismisses dead letters',
    },
    load: async () => (await import('./commands/dead-letters.js')).deadLetters,
  },
  keys: {
    about: { fr: 'gère les clés des programmes', en: 'manages the keys of programs' },
    load: async () => (await import('./commands/keys.js')).keys,
  },
  users: {
    about: { fr: 'gère les comptes de la console', en: 'manages the users of the console' },
    load: async () => (await import('./commands/users.js')).users,
  },
  sample: {
    about: { fr: 'retire l’exemple', en: 'takes the sample away' },
    load: async () => (await import('./commands/sample.js')).sample,
  },
};
