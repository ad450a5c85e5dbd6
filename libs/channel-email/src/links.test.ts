import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyClick, type ClickFacts } from './click.js';
import { welcome, welcomeVariables } from './fixtures/welcome.js';
import { rewriteLinks } from './link-rewrite.js';
import { signLink, verifyLink, type LinkClaim } from './links.js';
import { messageIdFor } from './message-id.js';
import { compileEmailTemplate } from './template-compile.js';
import { renderEmail } from './template-render.js';
import { readUnsubscribe, unsubscribeLinks } from './unsubscribe.js';

const KEY = 'k'.repeat(32);
const OLD_KEY = 'o'.repeat(32);
const BASE = 'https://r.maison-lumen.example';
const options = { baseUrl: BASE, deliveryId: 'e7/welcome#1', key: KEY };

const claims: fc.Arbitrary<LinkClaim> = fc.oneof(
  fc.record({
    kind: fc.constant('click' as const),
    deliveryId: fc.string({ minLength: 1, maxLength: 80 }),
    linkIndex: fc.nat(999),
  }),
  fc.record({
    kind: fc.constant('unsubscribe' as const),
    deliveryId: fc.string({ minLength: 1, maxLength: 80 }),
    purpose: fc.string({ maxLength: 40 }),
    channel: fc.constantFrom('email' as const, 'sms' as const),
  }),
);

describe('a signed link', () => {
  it('gives back what was signed, as a path or within a URL, by any of the keys', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const path = signLink(KEY, claim);
        expect(verifyLink(KEY, path)).toEqual({ ok: true, value: claim });
        expect(verifyLink([OLD_KEY, KEY], `${BASE}${path}?x=1`)).toEqual({
          ok: true,
          value: claim,
        });
      }),
    );
  });

  it('fails with any character changed, dropped or added, or with another key', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.constantFrom('A', 'z', '0', '-', ''), (claim, at, other) => {
        const path = signLink(KEY, claim);
        const position = 3 + (at % (path.length - 3));
        const altered = path.slice(0, position) + other + path.slice(position + 1);
        fc.pre(altered !== path);
        expect(verifyLink(KEY, altered).ok).toBe(false);
        expect(verifyLink(KEY, `${path}A`).ok).toBe(false);
        expect(verifyLink(OLD_KEY, path).ok).toBe(false);
      }),
    );
  });

  it('serves no other route, and no odd input passes or throws', () => {
    const click = signLink(KEY, { kind: 'click', deliveryId: 'd', linkIndex: 0 });
    expect(verifyLink(KEY, click.replace('/c/', '/u/')).ok).toBe(false);
    fc.assert(fc.property(fc.string(), (text) => verifyLink(KEY, `/c/${text}`).ok === false));
    expect(verifyLink(KEY, `/c/${'a'.repeat(100_000)}.b`).ok).toBe(false);
  });

  it('refuses a short key', () => {
    expect(() => signLink('short', { kind: 'click', deliveryId: 'd', linkIndex: 0 })).toThrow('32');
  });
});

describe('links of a message', () => {
  const targets = (html: string, text = '') => rewriteLinks(html, text, options);

  it('become click links, whose targets are kept aside', () => {
    const { html, text, links } = targets(
      '<a class="b" href="https://shop.example/?a=1&amp;b=2">x</a> <a href=\'http://other.example\'>y</a>',
      'Voir https://shop.example/?a=1&b=2. (https://third.example/p)',
    );
    expect(links).toEqual([
      'https://shop.example/?a=1&b=2',
      'http://other.example',
      'https://third.example/p',
    ]);
    const found = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(found.map((url) => verifyLink(KEY, url))).toEqual(
      [0, 1].map((linkIndex) => ({
        ok: true,
        value: { kind: 'click', deliveryId: 'e7/welcome#1', linkIndex },
      })),
    );
    expect(text).toContain(`Voir ${found[0]}. (${BASE}/c/`);
    expect(text.endsWith(')')).toBe(true);
  });

  it('stay when they are ours, mail or telephone, and are emptied when they would run', () => {
    const kept =
      `<a href="${BASE}/u/abc.def">u</a><a href="mailto:a@b.example">m</a>` +
      '<a href="tel:+33123456789">t</a><a href="#top">#</a><link href="https://x.example/a.css">';
    expect(targets(kept, `${BASE}/u/abc.def`)).toEqual({
      html: kept,
      text: `${BASE}/u/abc.def`,
      links: [],
    });
    const html = '<a href="javascript:alert(1)">a</a><a href=" JAVA&#x73;cript:x">b</a>';
    expect(targets(html).html).toBe('<a href="#">a</a><a href="#">b</a>');
  });

  it('of a rendered template are all signed, and hold nothing personal', async () => {
    const compiled = await compileEmailTemplate(welcome);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    const { unsubscribeUrl } = unsubscribeLinks({ ...options, purpose: 'marketing' });
    const rendered = renderEmail(compiled.value, 'fr', {
      ...welcomeVariables,
      unsubscribe_url: unsubscribeUrl,
    });
    if (!rendered.ok) throw new Error(rendered.error.detail);
    const { html, links } = targets(rendered.value.html, rendered.value.text);
    expect(links).toEqual([
      'https://maison-lumen.example/panier?p=p-1&s=1',
      'https://maison-lumen.example/panier',
    ]);
    const hrefs = [...html.matchAll(/<a[^>]*href="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(hrefs).toHaveLength(2);
    expect(hrefs[1]?.replaceAll('&#x3D;', '=')).toBe(unsubscribeUrl);
    for (const href of hrefs) {
      const payload = Buffer.from(/\/[cu]\/([^.]+)/.exec(href)?.[1] ?? '', 'base64url').toString();
      expect(payload).toMatch(/^\[1,(0,"e7\/welcome#1"|"email","marketing","e7\/welcome#1")\]$/);
    }
  });

  it('leave everything else of the HTML as it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.webUrl(), fc.string(), (before, url, after) => {
        fc.pre(!/[<>]/.test(before + after) && !/http/i.test(before + after));
        const escaped = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
        const { html, links } = targets(`${before}<a href="${escaped}">x</a>${after}`);
        expect(links).toEqual([url]);
        expect(html.startsWith(`${before}<a href="${BASE}/c/`)).toBe(true);
        expect(html.endsWith(`">x</a>${after}`)).toBe(true);
      }),
    );
  });
});

describe('leaving', () => {
  const made = unsubscribeLinks({ ...options, purpose: 'marketing', mailto: 'stop@r.example' });

  it('has the headers of RFC 8058', () => {
    expect(made.headers['List-Unsubscribe']).toBe(
      `<${made.unsubscribeUrl}>, <mailto:stop@r.example?subject=unsubscribe>`,
    );
    expect(made.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  });

  const read = (method: string, body?: string, url = made.unsubscribeUrl) =>
    readUnsubscribe(KEY, { method, url, ...(body === undefined ? {} : { body }) });

  it('never happens by a GET, always by a POST', () => {
    const claim = { deliveryId: 'e7/welcome#1', purpose: 'marketing', channel: 'email' };
    for (const method of ['GET', 'HEAD', 'get']) {
      expect(read(method)).toMatchObject({
        ok: true,
        value: { action: 'show_preferences', ...claim },
      });
    }
    const multipart =
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--';
    for (const body of ['List-Unsubscribe=One-Click', multipart]) {
      expect(read('POST', body)).toMatchObject({
        value: { action: 'unsubscribe', isOneClick: true, ...claim },
      });
    }
    expect(read('POST', '')).toMatchObject({ value: { action: 'unsubscribe', isOneClick: false } });
  });

  it('takes no other method and no other link', () => {
    expect(read('DELETE')).toEqual({ ok: false, error: 'bad_method' });
    const click = signLink(KEY, { kind: 'click', deliveryId: 'd', linkIndex: 0 });
    expect(read('POST', '', click)).toEqual({ ok: false, error: 'bad_link' });
    expect(read('POST', '', `${made.unsubscribeUrl}x`)).toEqual({ ok: false, error: 'bad_link' });
  });
});

describe('a click', () => {
  const person: ClickFacts = {
    method: 'GET',
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
    acceptedAtMs: 0,
    clickedAtMs: 60_000,
    linkIndex: 0,
    linkCount: 5,
    otherClicks: [],
  };
  const evidence = (change: Partial<ClickFacts>) =>
    classifyClick({ ...person, ...change }).evidence;
  const others = (...clicks: [number, number][]) =>
    clicks.map(([linkIndex, atMs]) => ({ linkIndex, atMs }));

  it('of a person has no evidence against it', () => {
    expect(classifyClick(person)).toEqual({ human: true, evidence: [] });
    expect(evidence({ clickedAtMs: 2_000 })).toEqual([]);
  });

  it.each([
    [{ method: 'HEAD' }, 'head_request'],
    [{ userAgent: ' ' }, 'no_user_agent'],
    [{ userAgent: 'python-requests/2.32' }, 'bot_user_agent'],
    [{ userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, 'bot_user_agent'],
    [{ userAgent: 'Barracuda Sentinel (EE)' }, 'bot_user_agent'],
    [{ clickedAtMs: 1_999 }, 'soon_after_acceptance'],
    [{ otherClicks: others([1, 51_000], [2, 55_000], [3, 61_000]) }, 'most_links_at_once'],
    [{ otherClicks: others([1, 60_000], [2, 65_000], [3, 70_000]) }, 'most_links_at_once'],
  ] as [Partial<ClickFacts>, string][])('with %j is kept as %s', (change, sign) => {
    expect(evidence(change)).toEqual([sign]);
  });

  it('in no burst counts, however many there are', () => {
    expect(evidence({ otherClicks: others([1, 60_000], [2, 61_000]) })).toEqual([]);
    expect(
      evidence({ otherClicks: others([0, 60_000], [0, 60_001], [0, 60_002], [0, 60_003]) }),
    ).toEqual([]);
    expect(
      evidence({ otherClicks: others([1, 50_001], [2, 60_000], [3, 69_999], [4, 90_000]) }),
    ).toEqual([]);
    expect(evidence({ linkCount: 1 })).toEqual([]);
  });
});

describe('a message id', () => {
  it('is the same for the same delivery, in the domain of the sender', () => {
    const id = messageIdFor('e7/welcome#1', 'Maison Lumen <bonjour@Maison-Lumen.example>');
    expect(id).toMatch(/^<[a-z2-7]{26}@maison-lumen\.example>$/);
    expect(messageIdFor('e7/welcome#1', 'bonjour@maison-lumen.example')).toBe(id);
    expect(messageIdFor('e7/welcome#2', 'bonjour@maison-lumen.example')).not.toBe(id);
  });
});
