import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEmail, normalisePhone, phoneKind } from './normalise.js';
import { readReply } from './reply.js';
import { countSegments, transliterate } from './segments.js';
import { readTwilioReply, validateTwilioSignature } from './twilio-webhook.js';

describe('a reply', () => {
  const cases: Record<string, string[]> = {
    stop: [
      'STOP',
      'stop',
      ' Stop. ',
      'STOP merci',
      'Stop!!!',
      'STOP 36105',
      'stop sms',
      'svp stop',
      'ARRET',
      'Arrêt',
      'arrêter',
      'Arrêtez ça tout de suite',
      'ARRETE',
      'arrett',
      'désabo',
      'DÉSABONNER',
      'Desinscrire',
      'Je veux me désinscrire',
      'please unsubscribe me',
      'Unsubscribe',
      'STOPALL',
      'Résilier',
      'fin',
      'Fin merci',
      'cancel',
      'QUIT',
      'end',
      'Merci de stop',
      '«\u00a0STOP\u00a0»',
      'ＳＴＯＰ'.normalize('NFKC'),
      'merci STOP',
    ],
    start: ['START', 'unstop', 'Oui', 'oui merci', 'REPRENDRE', 'yes please'],
    help: ['AIDE', 'help', 'Info', 'contact', 'Aide svp ?'],
    other: [
      'ne pas stopper',
      'ne pas stop',
      "don't stop",
      'Fin de semaine parfaite',
      'shopping non-stop',
      'Merci',
      '',
      '???',
      'Oui mais pas demain',
      "Je serai là en fin d'après-midi",
      'quit smoking tips',
      'info livraison',
      'à bientôt',
      '👍',
    ],
  };
  it.each(Object.entries(cases).flatMap(([intent, texts]) => texts.map((text) => [text, intent])))(
    '"%s" is %s',
    (text, intent) => expect(readReply(text)).toBe(intent),
  );

  it('of STOP counts in any case, with any accents and punctuation around it', () => {
    const word = fc.constantFrom('stop', 'arrêt', 'désabonner', 'unsubscribe', 'desinscrire');
    const around = fc.string({
      unit: fc.constantFrom(' ', '.', '!', '"', '\n', '-', '…'),
      maxLength: 5,
    });
    fc.assert(
      fc.property(word, around, around, fc.boolean(), (text, before, after, upper) => {
        const sent = upper ? text.toUpperCase().normalize('NFD') : text;
        return readReply(before + sent + after) === 'stop';
      }),
    );
  });

  it('of any kind is read without fault', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2_000 }),
        (text) => typeof readReply(text) === 'string',
      ),
    );
  });
});

describe('a webhook of Twilio', () => {
  const url = 'https://r.maison-lumen.example/webhooks/twilio/inbound?x=1';
  const params = { MessageSid: 'SM1', From: '+33612345678', To: '36105', Body: 'Arrêt merci' };
  const sign = (token: string, form: Record<string, string>) =>
    createHmac('sha1', token)
      .update(
        url +
          Object.keys(form)
            .sort()
            .map((key) => key + form[key])
            .join(''),
      )
      .digest('base64');

  it('counts only with its signature', () => {
    const signature = sign('token', params);
    expect(validateTwilioSignature('token', url, params, signature)).toBe(true);
    expect(validateTwilioSignature('other', url, params, signature)).toBe(false);
    expect(validateTwilioSignature('token', `${url}2`, params, signature)).toBe(false);
    expect(validateTwilioSignature('token', url, { ...params, Body: 'START' }, signature)).toBe(
      false,
    );
    expect(validateTwilioSignature('token', url, params, undefined)).toBe(false);
    expect(validateTwilioSignature('token', url, params, 'é')).toBe(false);
    expect(validateTwilioSignature('', url, params, sign('', params).slice(1))).toBe(false);
  });

  it('agrees with the example that Twilio publishes', () => {
    const form = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    };
    const published = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(validateTwilioSignature('12345', published, form, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')).toBe(
      true,
    );
  });

  it('is read as a reply, and what Twilio took for a refusal is one', () => {
    expect(readTwilioReply(params)).toMatchObject({
      ok: true,
      value: { messageSid: 'SM1', from: '+33612345678', intent: 'stop' },
    });
    expect(readTwilioReply({ ...params, Body: 'ok', OptOutType: 'STOP' })).toMatchObject({
      value: { intent: 'stop' },
    });
    expect(readTwilioReply({ ...params, OptOutType: 'START' })).toMatchObject({
      value: { intent: 'stop' },
    });
    expect(readTwilioReply({ Body: 'x' })).toEqual({ ok: false, error: 'not_a_reply' });
  });
});

describe('segments', () => {
  it.each([
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['a'.repeat(306), 'GSM-7', 2],
    ['a'.repeat(307), 'GSM-7', 3],
    [`${'a'.repeat(158)}€`, 'GSM-7', 1],
    [`${'a'.repeat(159)}€`, 'GSM-7', 2],
    ['éèàùÇ', 'GSM-7', 1],
    ['ê'.repeat(70), 'UCS-2', 1],
    ['ê'.repeat(71), 'UCS-2', 2],
    ['', 'GSM-7', 0],
  ])('of %s', (text, encoding, segments) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments });
  });

  it('cost less in plain letters, and the saving is told', () => {
    const text = `Fête de Noël : l’œuvre « déjà vue » vous plaît ? ${'Garçon. '.repeat(8)}`;
    const offer = transliterate(text, '0.045');
    expect(offer.text).toBe(
      `Fete de Noel : l'oeuvre "déjà vue" vous plait ? ${'Garcon. '.repeat(8)}`,
    );
    expect(offer).toMatchObject({
      before: { encoding: 'UCS-2', segments: 2 },
      after: { encoding: 'GSM-7', segments: 1, offending: [] },
      segmentsSaved: 1,
      saved: '0.045',
    });
    expect(offer.before.offending).toEqual(
      expect.arrayContaining(['ê', 'ë', '’', 'œ', '«', 'î', 'ç']),
    );
  });

  it('never grow dearer, and a text of GSM-7 is left alone', () => {
    const french = fc.string({
      unit: fc.constantFrom(...'abc é è ê ç œ ’ « » € … 👍 ï Ñ'.split(' '), ' '),
      maxLength: 300,
    });
    fc.assert(
      fc.property(french, (text) => {
        const offer = transliterate(text);
        if (offer.before.encoding === 'GSM-7') expect(offer.text).toBe(text);
        expect(offer.text.includes('👍')).toBe(text.includes('👍'));
        expect(transliterate(offer.text).text).toBe(offer.text);
      }),
    );
  });
});

describe('a number', () => {
  it.each([
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['+33 (0)6.12.34.56.78', 'FR', '+33612345678'],
    ['0033612345678', 'FR', '+33612345678'],
    ['0692 12 34 56', 'RE', '+262692123456'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+1 650 253 0000', 'XX', '+16502530000'],
  ])('%s in %s is %s', (text, region, expected) => {
    expect(normalisePhone(text, region)).toEqual({ ok: true, value: expected });
    expect(normalisePhone(expected, region)).toEqual({ ok: true, value: expected });
  });

  it.each([
    '',
    'abc',
    '12',
    '06 12 34 56',
    '36105',
    '0612345678 poste 3',
    'x'.repeat(1_000),
    'appelez 0612345678',
  ])('"%s" is none', (text) =>
    expect(normalisePhone(text, 'FR')).toEqual({ ok: false, error: 'not_a_phone' }),
  );

  it('has a kind', () => {
    expect(phoneKind('0612345678', 'FR')).toBe('mobile');
    expect(phoneKind('0145678901', 'FR')).toBe('fixed');
    expect(phoneKind('0800123456', 'FR')).toBe('other');
    expect(phoneKind('12', 'FR')).toBe('unknown');
  });
});

describe('an e-mail address', () => {
  it.each([
    [' Camille@Example.COM ', 'camille@example.com'],
    ['mailto:a.b+tag@example.com', 'a.b+tag@example.com'],
    ['zoé@exämple.fr', 'zoé@xn--exmple-cua.fr'],
  ])('%s is %s', (text, expected) => {
    expect(normaliseEmail(text)).toEqual({ ok: true, value: expected });
    expect(normaliseEmail(expected)).toEqual({ ok: true, value: expected });
  });

  it.each([
    '',
    'a',
    '@b.fr',
    'a@',
    'a@b',
    'a b@c.fr',
    'a@b..fr',
    '.a@b.fr',
    'a..b@c.fr',
    'a@-b.fr',
    'a@b.fr, c@d.fr',
    'A <a@b.fr>',
    'a@b.fr\n',
    `${'a'.repeat(65)}@b.fr`,
    'a@127.0.0.1',
  ])('"%s" is none or is trimmed', (text) => {
    const result = normaliseEmail(text);
    expect(result).toEqual(
      text === 'a@b.fr\n' ? { ok: true, value: 'a@b.fr' } : { ok: false, error: 'not_an_email' },
    );
  });

  it('in its normal form stays so', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const once = normaliseEmail(text);
        return !once.ok || JSON.stringify(normaliseEmail(once.value)) === JSON.stringify(once);
      }),
    );
  });
});
