import { fail, ok, type Result } from '#libs/kernel';
import { signLink, verifyLink, type LinkClaim, type LinkKey } from './links.js';

/** The links of one delivery that let a person leave. */
export interface UnsubscribeLinks {
  readonly unsubscribeUrl: string;
  /** The same page: a GET shows choices, only a POST acts. */
  readonly preferencesUrl: string;
  /** RFC 2369 and RFC 8058. */
  readonly headers: {
    readonly 'List-Unsubscribe': string;
    readonly 'List-Unsubscribe-Post': string;
  };
}

/** As a form or as a multipart form: RFC 8058 allows both. */
const ONE_CLICK =
  /(?:^|&)List-Unsubscribe=One-Click|name="?List-Unsubscribe"?\s*?\r?\n\r?\nOne-Click/i;

/** Signs the links and headers of a delivery. `mailto` is an address that takes refusals by mail. */
export function unsubscribeLinks(options: {
  readonly baseUrl: string;
  readonly key: LinkKey;
  readonly deliveryId: string;
  readonly purpose: string;
  readonly channel?: 'email' | 'sms';
  readonly mailto?: string;
}): UnsubscribeLinks {
  const { deliveryId, purpose, channel = 'email' } = options;
  const path = signLink(options.key, { kind: 'unsubscribe', deliveryId, purpose, channel });
  const url = options.baseUrl + path;
  const mail =
    options.mailto === undefined ? '' : `, <mailto:${options.mailto}?subject=unsubscribe>`;
  return {
    unsubscribeUrl: url,
    preferencesUrl: url,
    headers: {
      'List-Unsubscribe': `<${url}>${mail}`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}

/** What a request to `/u/...` asks for. */
export type UnsubscribeRequest = Extract<LinkClaim, { kind: 'unsubscribe' }> & {
  readonly action: 'show_preferences' | 'unsubscribe';
  /** The mail client's button, rather than the form of our page. */
  readonly isOneClick: boolean;
};

/**
 * Reads a request to `/u/...`. GET and HEAD never unsubscribe: mail scanners follow every link.
 * A POST with a genuine token does, whatever its body, without cookie or login; the body
 * `List-Unsubscribe=One-Click` marks the mail client's button.
 */
export function readUnsubscribe(
  keys: LinkKey | readonly LinkKey[],
  request: { readonly method: string; readonly url: string; readonly body?: string },
): Result<UnsubscribeRequest, 'bad_link' | 'bad_method'> {
  const claim = verifyLink(keys, request.url);
  if (!claim.ok || claim.value.kind !== 'unsubscribe') return fail('bad_link');
  const method = request.method.toUpperCase();
  if (method === 'GET' || method === 'HEAD') {
    return ok({ ...claim.value, action: 'show_preferences', isOneClick: false });
  }
  if (method !== 'POST') return fail('bad_method');
  const isOneClick = ONE_CLICK.test(request.body ?? '');
  return ok({ ...claim.value, action: 'unsubscribe', isOneClick });
}
