import type { Locale } from '#libs/kernel';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:90vh;' +
  'color:#1c1c1c;background:#fafafa}main{max-width:28rem;padding:2rem}h1{font-size:1.25rem}' +
  'button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#1c1c1c;' +
  'color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #5b8def;outline-offset:2px}' +
  '@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}' +
  'button{background:#eee;color:#161616}}';

/** What may be loaded and where a form may go: nothing else than the page itself. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function page(locale: Locale, title: string, body: string): string {
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

/** What a person leaves, in words. */
function leftWords(purpose: string, channel: 'email' | 'sms'): Readonly<Record<Locale, string>> {
  const by =
    channel === 'sms' ? { fr: 'par SMS', en: 'by SMS' } : { fr: 'par e-mail', en: 'by e-mail' };
  const what =
    purpose === 'marketing'
      ? { fr: 'nos offres et nos nouvelles', en: 'our offers and news' }
      : { fr: `les messages « ${purpose} »`, en: `the messages "${purpose}"` };
  return { fr: `${what.fr} ${by.fr}`, en: `${what.en} ${by.en}` };
}

/** Asks before it does anything: reading a page is no refusal. */
export function leavePage(locale: Locale, purpose: string, channel: 'email' | 'sms'): string {
  const left = escaped(leftWords(purpose, channel)[locale]);
  return locale === 'fr'
    ? page(
        'fr',
        'Se désabonner',
        `<p>Vous ne recevrez plus ${left}.</p><form method="post"><button>Me désabonner</button></form>`,
      )
    : page(
        'en',
        'Unsubscribe',
        `<p>You will no longer receive ${left}.</p><form method="post"><button>Unsubscribe me</button></form>`,
      );
}

/** Says that it is done. */
export function leftPage(locale: Locale, purpose: string, channel: 'email' | 'sms'): string {
  const left = escaped(leftWords(purpose, channel)[locale]);
  return locale === 'fr'
    ? page('fr', 'C’est fait', `<p>Vous ne recevrez plus ${left}. Cela vaut dès maintenant.</p>`)
    : page('en', 'Done', `<p>You will no longer receive ${left}. This holds from now on.</p>`);
}

/** For a person whose link leads nowhere. */
export function badLinkPage(locale: Locale): string {
  return locale === 'fr'
    ? page(
        'fr',
        'Ce lien n’est pas valable',
        '<p>Ouvrez-le tel qu’il est dans le message, sans rien en changer.</p>',
      )
    : page(
        'en',
        'This link is not valid',
        '<p>Open it as it is in the message, without changing anything.</p>',
      );
}
