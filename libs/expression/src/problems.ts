import type { LocalText } from '#libs/kernel';
import { LIMITS } from './limits.js';
import type { Span } from './span.js';
import type { ExpressionProblem, ExpressionProblemCode } from './types.js';

/** A problem before it has a place. */
export interface Draft {
  readonly code: ExpressionProblemCode;
  readonly message: LocalText;
  readonly hint?: LocalText | undefined;
  readonly severity?: 'error' | 'warning';
}

/** A problem at a place. */
export function problemAt({ offset, length }: Span, draft: Draft): ExpressionProblem {
  const { code, message, hint, severity = 'error' } = draft;
  const problem = { code, severity, message, offset, length };
  return hint ? { ...problem, hint } : problem;
}

/** Text for a name that does not exist, with the closest one as hint. */
export function unknownName(name: string, near: string | undefined): Draft {
  return {
    code: 'unknown_name',
    message: { fr: `nom inconnu : ${name}`, en: `unknown name: ${name}` },
    hint: near === undefined ? undefined : { fr: `plutôt ${near} ?`, en: `did you mean ${near}?` },
  };
}

export function tooLong(): Draft {
  return {
    code: 'too_large',
    message: {
      fr: `expression de plus de ${LIMITS.sourceLength} caractères`,
      en: `expression longer than ${LIMITS.sourceLength} characters`,
    },
  };
}

export function macroTooDeep(): Draft {
  return {
    code: 'macro_depth',
    message: {
      fr: `plus de ${LIMITS.macroDepth} parcours de liste l'un dans l'autre`,
      en: `more than ${LIMITS.macroDepth} list iterations within one another`,
    },
  };
}

/** Text for a structural limit the CEL library reports by its own option's name. */
export function limitExceeded(summary: string): Draft {
  if (summary.includes('maxDepth')) {
    return {
      code: 'too_deep',
      message: {
        fr: `expression imbriquée sur plus de ${LIMITS.depth} niveaux`,
        en: `expression nested deeper than ${LIMITS.depth} levels`,
      },
    };
  }
  if (summary.includes('maxListElements') || summary.includes('maxMapEntries')) {
    return {
      code: 'list_too_long',
      message: {
        fr: `liste écrite de plus de ${LIMITS.listLength} éléments`,
        en: `literal list of more than ${LIMITS.listLength} elements`,
      },
      hint: {
        fr: 'mettre ces valeurs dans un segment ou un attribut',
        en: 'put these values in a segment or a trait',
      },
    };
  }
  return {
    code: 'too_large',
    message: {
      fr: `expression de plus de ${LIMITS.nodes} éléments`,
      en: `expression of more than ${LIMITS.nodes} parts`,
    },
    hint: { fr: 'la découper en segments', en: 'split it into segments' },
  };
}

export function regexUnbounded(): Draft {
  return {
    code: 'regex_unbounded',
    message: {
      fr: 'expression régulière dont la durée ne peut être bornée',
      en: 'regular expression whose cost cannot be bounded',
    },
    hint: {
      fr: "motif écrit en toutes lettres, sans répétition d'un groupe répété, sans référence arrière",
      en: 'use a literal pattern, without repeated groups of repetitions or back references',
    },
  };
}

export function regexInvalid(): Draft {
  return {
    code: 'syntax',
    message: { fr: 'expression régulière mal formée', en: 'malformed regular expression' },
  };
}

export function literalNeeded(name: string): Draft {
  return {
    code: 'type',
    message: {
      fr: `${name}() attend un texte écrit en toutes lettres`,
      en: `${name}() needs a literal text`,
    },
    hint: { fr: `${name}("…")`, en: `${name}("…")` },
  };
}

export function zonedCall(name: string): Draft {
  return {
    code: 'unknown_name',
    message: {
      fr: `${name}() avec fuseau n'existe pas ici`,
      en: `${name}() with a zone does not exist here`,
    },
    hint: {
      fr: "hourLocal() donne l'heure de la personne",
      en: "hourLocal() gives the person's hour",
    },
  };
}

export function intDoubleMix(mix: {
  readonly whole: string;
  readonly decimal: string;
  readonly corrected: string;
}): Draft {
  const { whole, decimal, corrected } = mix;
  return {
    code: 'int_double_mix',
    severity: 'warning',
    message: {
      fr: `${decimal} est un nombre décimal (double), ${whole} un nombre entier (int)`,
      en: `${decimal} is a decimal number (double), ${whole} a whole one (int)`,
    },
    hint: { fr: `écrire ${corrected}`, en: `write ${corrected}` },
  };
}

export function missingKeyRisk(path: string, guarded: string): Draft {
  return {
    code: 'missing_key_risk',
    severity: 'warning',
    message: { fr: `${path} peut être absent`, en: `${path} may be missing` },
    hint: { fr: `écrire ${guarded}`, en: `write ${guarded}` },
  };
}

/** Text for a field that the file of an event does not list, with the closest one as hint. */
export function undeclaredKey(path: string, owner: string, near: string | undefined): Draft {
  return {
    code: 'undeclared_key',
    severity: 'warning',
    message: {
      fr: `${owner} ne déclare pas ${path}`,
      en: `${owner} does not declare ${path}`,
    },
    hint:
      near === undefined
        ? {
            fr: `ajouter la propriété à la description de ${owner}`,
            en: `add the property to the description of ${owner}`,
          }
        : { fr: `plutôt ${near} ?`, en: `did you mean ${near}?` },
  };
}

const WANTED: Record<string, LocalText> = {
  bool: { fr: 'vrai ou faux', en: 'true or false' },
  number: { fr: 'un nombre', en: 'a number' },
  string: { fr: 'un texte', en: 'a text' },
};

export function unexpectedType(expects: string, type: string): Draft {
  const wanted = WANTED[expects] ?? { fr: expects, en: expects };
  return {
    code: 'type',
    message: {
      fr: `l'expression doit donner ${wanted['fr']}, elle donne ${type}`,
      en: `the expression must give ${wanted['en']}, it gives ${type}`,
    },
  };
}
