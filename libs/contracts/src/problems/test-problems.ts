import { error } from './entry.js';

/** Problems of marketers' tests (18xx). */
export const TEST_PROBLEMS = {
  'RLN-1801': error({
    message: {
      fr: 'Un fichier de tests a soit « timeline », soit « tests ».',
      en: 'A file of tests has either "timeline" or "tests".',
    },
    hint: {
      fr: '« timeline » pour un seul cas, « tests » pour une liste de cas nommés.',
      en: '"timeline" for a single case, "tests" for a list of named cases.',
    },
  }),
  'RLN-1802': error({
    message: {
      fr: 'La première ligne ne dit pas quand elle a lieu.',
      en: 'The first line does not say when it happens.',
    },
    hint: {
      fr: 'Donnez-lui « at », par exemple at: 2026-03-28T10:00.',
      en: 'Give it "at", for instance at: 2026-03-28T10:00.',
    },
  }),
  'RLN-1803': error({
    message: {
      fr: 'Cette ligne a « at » et « after » à la fois.',
      en: 'This line has both "at" and "after".',
    },
    hint: {
      fr: 'Gardez l’un des deux : « after » compte depuis la ligne précédente.',
      en: 'Keep one of the two: "after" counts from the line before.',
    },
  }),
  'RLN-1804': error({
    message: {
      fr: 'Cette ligne ne fait rien et n’attend rien.',
      en: 'This line does nothing and expects nothing.',
    },
    hint: {
      fr: 'Donnez-lui « event », « traits » ou « expect ».',
      en: 'Give it "event", "traits" or "expect".',
    },
  }),
  'RLN-1805': error({
    message: {
      fr: 'Cette ligne a lieu avant la précédente.',
      en: 'This line happens before the one above it.',
    },
    hint: {
      fr: 'Mettez les lignes dans l’ordre du temps.',
      en: 'Put the lines in the order of time.',
    },
  }),
  'RLN-1806': error({
    message: {
      fr: 'La date {date} n’existe pas.',
      en: 'There is no date {date}.',
    },
    hint: { fr: 'Corrigez le jour ou le mois.', en: 'Correct the day or the month.' },
  }),
} as const;
