import { error } from './entry.js';

/** Problems of reading a file (10xx) and of its shape (11xx). */
export const FILE_PROBLEMS = {
  'RLN-1001': error({
    message: {
      fr: 'Ce fichier n’est pas du YAML lisible : {detail}.',
      en: 'This file is not readable YAML: {detail}.',
    },
    hint: {
      fr: 'Vérifiez l’indentation, les guillemets et les deux-points suivis d’une espace.',
      en: 'Check the indentation, the quotes, and the space after each colon.',
    },
  }),
  'RLN-1002': error({
    message: {
      fr: 'Ce fichier pèse {size} Ko ; la limite est {limit} Ko.',
      en: 'This file is {size} KB; the limit is {limit} KB.',
    },
    hint: { fr: 'Découpez-le en plusieurs fichiers.', en: 'Split it into several files.' },
  }),
  'RLN-1003': error({
    message: {
      fr: 'L’imbrication dépasse {limit} niveaux.',
      en: 'The nesting is deeper than {limit} levels.',
    },
    hint: {
      fr: 'Un scénario lisible n’en a pas besoin : sortez une partie dans un autre scénario.',
      en: 'A readable scenario needs no such depth: move a part to another scenario.',
    },
  }),
  'RLN-1004': error({
    message: {
      fr: 'Ce fichier n’est pas du texte UTF-8.',
      en: 'This file is not UTF-8 text.',
    },
    hint: {
      fr: 'Enregistrez-le en UTF-8 sans caractère de contrôle.',
      en: 'Save it as UTF-8 without control characters.',
    },
  }),
  'RLN-1005': error({
    message: { fr: 'La clé « {key} » figure deux fois.', en: 'The key "{key}" appears twice.' },
    hint: { fr: 'Gardez une seule des deux.', en: 'Keep one of the two.' },
  }),
  'RLN-1006': error({
    message: {
      fr: 'Les ancres, alias et étiquettes YAML (&, *, !) ne sont pas admis.',
      en: 'YAML anchors, aliases and tags (&, *, !) are not allowed.',
    },
    hint: {
      fr: 'Écrivez la valeur en toutes lettres, entre guillemets si elle commence par ces signes.',
      en: 'Write the value out, in quotes if it begins with one of these signs.',
    },
  }),
  'RLN-1007': error({
    message: { fr: 'Ce fichier est vide.', en: 'This file is empty.' },
    hint: { fr: 'Supprimez-le ou remplissez-le.', en: 'Remove it or fill it in.' },
  }),
  'RLN-1008': error({
    message: {
      fr: 'Ce fichier contient plus de {limit} valeurs.',
      en: 'This file holds more than {limit} values.',
    },
    hint: { fr: 'Découpez-le en plusieurs fichiers.', en: 'Split it into several files.' },
  }),
  'RLN-1009': error({
    message: {
      fr: 'Un fichier ne décrit qu’une chose ; celui-ci contient plusieurs documents.',
      en: 'A file describes one thing; this one holds several documents.',
    },
    hint: {
      fr: 'Faites un fichier de chaque partie séparée par « --- ».',
      en: 'Make a file of each part separated by "---".',
    },
  }),
  'RLN-1101': error({
    message: {
      fr: 'La clé « {key} » n’existe pas ici.',
      en: 'There is no key "{key}" here.',
    },
    hint: { fr: 'Clés possibles : {known}.', en: 'Possible keys: {known}.' },
  }),
  'RLN-1102': error({
    message: { fr: 'Il manque « {key} ».', en: '"{key}" is missing.' },
    hint: { fr: 'Attendu : {expected}.', en: 'Expected: {expected}.' },
  }),
  'RLN-1103': error({
    message: {
      fr: '« {path} » ne convient pas : {found}.',
      en: '"{path}" will not do: {found}.',
    },
    hint: { fr: 'Attendu : {expected}.', en: 'Expected: {expected}.' },
  }),
  'RLN-1104': error({
    message: {
      fr: 'Ce fichier n’est d’aucune sorte connue ({path}).',
      en: 'This file is of no known kind ({path}).',
    },
    hint: {
      fr: 'Un scénario commence par « scenario: » ; les autres sortes ont leur dossier.',
      en: 'A scenario begins with "scenario:"; the other kinds have folders.',
    },
  }),
  'RLN-1105': error({
    message: {
      fr: '« {key} » n’est pas une étape connue.',
      en: '"{key}" is not a known step.',
    },
    hint: { fr: 'Étapes possibles : {known}.', en: 'Possible steps: {known}.' },
  }),
  'RLN-1106': error({
    message: {
      fr: 'Il manque le fichier {file}.',
      en: 'The file {file} is missing.',
    },
    hint: {
      fr: '« relance init » en écrit un qui convient.',
      en: '"relance init" writes one that will do.',
    },
  }),
  'RLN-1107': error({
    message: {
      fr: '{kind} « {id} » existe déjà dans {other}.',
      en: '{kind} "{id}" exists already in {other}.',
    },
    hint: { fr: 'Donnez-lui un autre nom.', en: 'Give it another name.' },
  }),
  'RLN-1108': error({
    message: {
      fr: 'L’espace de travail contient plus de {limit} fichiers.',
      en: 'The workspace holds more than {limit} files.',
    },
    hint: {
      fr: 'Sortez-en ce qui ne configure pas Relance.',
      en: 'Move out what does not configure Relance.',
    },
  }),
} as const;
