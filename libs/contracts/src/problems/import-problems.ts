import { error } from './entry.js';

/** What ends the reading of an imported file before its end (17xx). */
export const IMPORT_PROBLEMS = {
  'RLN-1701': error({
    message: {
      fr: 'Un guillemet ouvert dans la ligne qui commence ici n’est jamais fermé.',
      en: 'A quote opened in the row that begins here is never closed.',
    },
    hint: {
      fr: 'Fermez-le, ou doublez-le s’il fait partie du texte ; puis importez de nouveau : ce qui est pris ne compte qu’une fois.',
      en: 'Close it, or double it where it is part of the text; then import again: what was taken counts once.',
    },
  }),
  'RLN-1702': error({
    message: {
      fr: 'La ligne qui commence ici dépasse {limit} Ko.',
      en: 'The row that begins here is longer than {limit} KB.',
    },
    hint: {
      fr: 'Un guillemet non fermé avale les lignes suivantes : fermez-le, ou raccourcissez la cellule ; puis importez de nouveau : ce qui est pris ne compte qu’une fois.',
      en: 'A quote left open swallows the rows after it: close it, or shorten the cell; then import again: what was taken counts once.',
    },
  }),
  'RLN-1703': error({
    message: {
      fr: 'Le fichier gzip est abîmé ou coupé : il est illisible à partir d’ici.',
      en: 'The gzip file is damaged or cut off: it cannot be read from here on.',
    },
    hint: {
      fr: 'Procurez-vous le fichier entier (« gzip -t » le vérifie), puis importez-le : ce qui est pris ne compte qu’une fois.',
      en: 'Get the whole file ("gzip -t" checks it), then import it: what was taken counts once.',
    },
  }),
} as const;
