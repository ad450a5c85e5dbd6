import type { Locale, LocalText } from '#libs/kernel';

/** A kind of refusal over HTTP: its status, a sentence and what to do. */
interface ProblemText {
  readonly status: number;
  readonly message: LocalText;
  readonly hint: LocalText;
}

/** Every refusal of the public routes, by code. A code is never given to another problem. */
export const HTTP_PROBLEMS = {
  'RLN-1225': {
    status: 404,
    message: { fr: "Ce scénario n'est pas en vigueur.", en: 'This scenario is not in force.' },
    hint: {
      fr: 'Donnez l’identifiant d’un scénario publié.',
      en: 'Give the id of a scenario that is published.',
    },
  },
  'RLN-1226': {
    status: 409,
    message: {
      fr: "On n'entre pas dans ce scénario sur demande.",
      en: 'This scenario is not entered on request.',
    },
    hint: {
      fr: 'Son entrée doit être « api: true » ; la console dit ce qui y fait entrer.',
      en: 'Its entry must be "api: true"; the console says what enters it.',
    },
  },
  'RLN-1227': {
    status: 409,
    message: { fr: 'Ce scénario est en pause.', en: 'This scenario is paused.' },
    hint: {
      fr: 'Rien n’a été gardé : redemandez quand il aura repris.',
      en: 'Nothing was kept: ask again once it has resumed.',
    },
  },
  'RLN-1228': {
    status: 409,
    message: {
      fr: 'Cette idempotencyKey a déjà servi à une autre demande.',
      en: 'This idempotencyKey was used for another request.',
    },
    hint: {
      fr: 'Donnez une clé par demande ; pour répéter, renvoyez la même demande.',
      en: 'Give one key a request; to repeat, send the same request again.',
    },
  },
  'RLN-2001': {
    status: 401,
    message: {
      fr: "La clé d'accès manque ou n'est pas connue.",
      en: 'The access key is missing or not known.',
    },
    hint: {
      fr: "Donnez la clé d'écriture comme nom d'utilisateur Basic, dans writeKey ou dans X-Write-Key.",
      en: 'Give the write key as Basic user name, in writeKey or in X-Write-Key.',
    },
  },
  'RLN-2002': {
    status: 400,
    message: {
      fr: "Le corps de la requête n'est pas un objet JSON attendu ici.",
      en: 'The body of the request is not a JSON object as expected here.',
    },
    hint: {
      fr: 'Envoyez un message, ou { batch: [...] } pour un lot, en UTF-8.',
      en: 'Send one message, or { batch: [...] } for several, as UTF-8.',
    },
  },
  'RLN-2003': {
    status: 413,
    message: {
      fr: 'La requête dépasse 500 Ko, ou 4 Mo une fois décompressée.',
      en: 'The request is over 500 KB, or 4 MB once decompressed.',
    },
    hint: { fr: 'Envoyez des lots plus petits.', en: 'Send smaller batches.' },
  },
  'RLN-2004': {
    status: 400,
    message: {
      fr: 'Le lot compte plus de 2 500 évènements.',
      en: 'The batch has more than 2,500 events.',
    },
    hint: { fr: 'Envoyez des lots plus petits.', en: 'Send smaller batches.' },
  },
  'RLN-2005': {
    status: 429,
    message: {
      fr: "Cette source envoie plus d'évènements qu'il n'est permis.",
      en: 'This source sends more events than it may.',
    },
    hint: {
      fr: "Renvoyez après le délai de l'en-tête Retry-After ; rien n'a été gardé de cette requête.",
      en: 'Send again after the Retry-After header; nothing of this request was kept.',
    },
  },
  'RLN-2006': {
    status: 503,
    message: {
      fr: "Les évènements n'ont pas pu être enregistrés pour l'instant.",
      en: 'The events could not be stored for now.',
    },
    hint: {
      fr: 'Renvoyez la même requête : les mêmes messageId ne comptent qu’une fois.',
      en: 'Send the same request again: the same messageIds count once.',
    },
  },
  'RLN-2007': {
    status: 415,
    message: {
      fr: "Ce codage du corps n'est pas pris en charge.",
      en: 'This encoding of the body is not supported.',
    },
    hint: { fr: 'Utilisez gzip, ou rien.', en: 'Use gzip, or none.' },
  },
  'RLN-2008': {
    status: 404,
    message: { fr: "Il n'y a rien à cette adresse.", en: 'There is nothing at this address.' },
    hint: {
      fr: 'Vérifiez le chemin et la méthode de la requête.',
      en: 'Check the path and the method of the request.',
    },
  },
  'RLN-2009': {
    status: 500,
    message: {
      fr: 'Une erreur de notre côté a empêché de répondre.',
      en: 'An error on our side kept us from answering.',
    },
    hint: {
      fr: 'Réessayez ; si cela continue, le journal du serveur en dit la cause.',
      en: 'Try again; if it goes on, the log of the server tells the cause.',
    },
  },
  'RLN-2010': {
    status: 404,
    message: { fr: "Ce lien n'est pas valable.", en: 'This link is not valid.' },
    hint: {
      fr: 'Ouvrez-le tel qu’il est dans le message, sans rien en changer.',
      en: 'Open it as it is in the message, without changing anything.',
    },
  },
  'RLN-2011': {
    status: 403,
    message: {
      fr: 'La signature de cet appel ne correspond pas.',
      en: 'The signature of this call does not match.',
    },
    hint: {
      fr: "Vérifiez le secret du fournisseur et que PUBLIC_URL est l'adresse qu'il appelle.",
      en: "Check the provider's secret and that PUBLIC_URL is the address it calls.",
    },
  },
  'RLN-2012': {
    status: 403,
    message: {
      fr: "Cette clé ne donne pas le droit d'appeler cette adresse.",
      en: 'This key does not give the right to call this address.',
    },
    hint: {
      fr: "Il faut une clé d'API (relance keys create) ; une clé d'écriture est publique.",
      en: 'An API key is needed (relance keys create); a write key is public.',
    },
  },
  'RLN-2013': {
    status: 400,
    message: {
      fr: 'La requête ne peut pas être lue : {detail}.',
      en: 'The request cannot be read: {detail}.',
    },
    hint: {
      fr: 'Corrigez ce point et renvoyez-la.',
      en: 'Correct this and send it again.',
    },
  },
  'RLN-2014': {
    status: 404,
    message: { fr: "Ce profil n'est pas connu.", en: 'This profile is not known.' },
    hint: {
      fr: "Vérifiez l'espace de noms et l'identifiant ; un profil naît de son premier évènement.",
      en: 'Check the namespace and the id; a profile is born from its first event.',
    },
  },
  'RLN-2015': {
    status: 404,
    message: {
      fr: 'Cette décision ou ce message ne sont pas connus.',
      en: 'This decision or message is not known.',
    },
    hint: {
      fr: "Donnez l'identifiant rendu par /v1/decide, ou celui d'un message envoyé.",
      en: 'Give the id that /v1/decide answered, or that of a message sent.',
    },
  },
  'RLN-2016': {
    status: 409,
    message: {
      fr: "Le profil n'a pas encore la version demandée.",
      en: 'The profile has not reached the version asked for.',
    },
    hint: {
      fr: 'Redemandez dans un instant.',
      en: 'Ask again in a moment.',
    },
  },
  'RLN-2017': {
    status: 503,
    message: {
      fr: "Le moteur n'est pas en état de répondre à cela pour l'instant.",
      en: 'The engine is not able to answer this for now.',
    },
    hint: { fr: 'Réessayez dans un instant.', en: 'Try again in a moment.' },
  },
} as const satisfies Record<string, ProblemText>;

/** Code of a refusal over HTTP. */
export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: HttpProblemCode;
  readonly hint: string;
}

/** A refusal on its way to the caller; `detail` fills in the sentence, and holds nothing personal. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';

  constructor(
    readonly code: HttpProblemCode,
    readonly detail: LocalText = {},
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

/** The language a caller reads: the first of French and English that they accept. */
export function callerLocale(acceptLanguage: string | undefined, fallback: Locale): Locale {
  let best: { locale: Locale; weight: number } | undefined;
  for (const range of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const [language] = tag.split('-');
    if (language !== 'fr' && language !== 'en') continue;
    const quality = parameters.find((one) => one.trim().startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.trim().slice(2));
    if (weight > 0 && (best === undefined || weight > best.weight)) {
      best = { locale: language, weight };
    }
  }
  return best?.locale ?? fallback;
}

/** The document of a refusal in a language. */
export function problemDocument(
  code: HttpProblemCode,
  locale: Locale,
  detail: LocalText = {},
): ProblemDocument {
  const { status, message, hint } = HTTP_PROBLEMS[code];
  return {
    type: `urn:relance:problem:${code}`,
    title: message[locale].replace('{detail}', detail[locale] ?? detail['en'] ?? ''),
    status,
    code,
    hint: hint[locale],
  };
}
