import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHarness, type Harness } from './harness.js';

// The provider's own signing, so that what we check is not our reading of it.
const { getExpectedTwilioSignature } = createRequire(import.meta.url)(
  'twilio/lib/webhooks/webhooks',
) as { getExpectedTwilioSignature: (token: string, url: string, params: object) => string };

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
  const { database } = api.engine;
  for (const [profileId, phone] of [
    ['p-granted', '+33612345678'],
    ['p-never', '+33612345679'],
  ]) {
    await database.query(
      `INSERT INTO profile (profile_id, version, group_unit, first_seen_ms, updated_at_ms, doc)
       VALUES ($1, 1, $1, 0, 0, '{}')`,
      [profileId],
    );
    await database.query('INSERT INTO node VALUES ($1, $1, 0)', [profileId]);
    await database.query(`INSERT INTO contact_point VALUES ('sms', $1, $2, 'mobile')`, [
      phone,
      profileId,
    ]);
  }
  await database.query(
    `INSERT INTO consent_event
       (event_key, channel, purpose, node_id, status, source, at_ms, is_bulk)
     VALUES (gen_random_uuid(), 'sms', 'marketing', 'p-granted', 'granted', 'form', 0, false)`,
  );
  await database.query(
    `INSERT INTO delivery (id, command_id, profile_id, reservation_id, grp, channel, action,
       treatment, template, purpose, sender, state, version, vars, intended_at_ms, send_at_ms,
       accepted_at_ms, updated_at_ms)
     VALUES ('sms-1', 'sms-1', 'p-granted', 'r', 'policy', 'sms', 'a', 't', 'm', 'marketing',
       's', 'accepted', 2, '{}', 0, 0, 0, 0)`,
  );
});
afterAll(() => api.close());

const PATH = '/webhooks/twilio/inbound';

async function reply(
  params: Record<string, string>,
  signature?: string,
): Promise<{ status: number; text: string }> {
  const signed =
    signature ?? getExpectedTwilioSignature('twilio-token', `https://shop.example${PATH}`, params);
  const answer = await fetch(api.url + PATH, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signed,
    },
    body: new URLSearchParams(params).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}

const form = (sid: string, from: string, body: string): Record<string, string> => ({
  MessageSid: sid,
  From: from,
  To: '+33700000000',
  Body: body,
});

const isActive = async (): Promise<boolean[]> => {
  const rows = await api.engine.database.query<{ is_active: boolean }>(
    `SELECT is_active FROM suppression WHERE channel = 'sms' ORDER BY id`,
  );
  return rows.rows.map((row) => row.is_active);
};

const toldOf = async (sid: string): Promise<unknown[]> =>
  (await api.events()).filter((event) => event.messageId.includes(sid));

test('a form that the provider did not sign is refused before it is read', async () => {
  const params = form('SM0', '+33612345678', 'STOP');
  const forged = await reply(params, 'c29tZXRoaW5n');
  expect(forged.status).toBe(403);
  expect(JSON.parse(forged.text)).toMatchObject({ code: 'RLN-2011' });
  expect((await reply(params, '')).status).toBe(403);
  const genuine = getExpectedTwilioSignature('twilio-token', `https://shop.example${PATH}`, params);
  expect((await reply({ ...params, Body: 'START' }, genuine)).status).toBe(403);
  expect(await toldOf('SM0')).toEqual([]);
});

test('STOP is honoured at once and once, however often it is told', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await reply(form('SM1', '+33612345678', 'Arrêt svp'));
    expect(answer).toMatchObject({
      status: 200,
      text: expect.stringContaining('<Response></Response>'),
    });
  }
  expect(await isActive()).toEqual([true]);
  expect(await toldOf('SM1')).toMatchObject(
    [
      {
        name: 'consent_changed',
        source: 'sms_reply',
        profileId: 'p-granted',
        properties: { channel: 'sms', purpose: 'any', status: 'denied', proof: 'reply SM1' },
      },
      { name: 'relance_message_unsubscribed', properties: { delivery_id: 'sms-1' } },
    ].sort((left, right) => (left.name < right.name ? -1 : 1)),
  );
});

test('START renews a consent that was given before, and no other', async () => {
  const back = await reply(form('SM2', '+33612345678', 'START'));
  expect(back.text).toContain('You will receive our texts again');
  expect(await isActive()).toEqual([false]);
  expect(await toldOf('SM2')).toMatchObject([
    { name: 'consent_changed', properties: { purpose: 'marketing', status: 'granted' } },
  ]);
  const never = await reply(form('SM3', '+33612345679', 'OUI'));
  expect(never.text).toContain('Nous n’avons pas votre accord');
  expect(await toldOf('SM3')).toEqual([]);
});

test('help is answered, other words are told, a stranger may stop too', async () => {
  expect((await reply(form('SM4', '+33612345679', 'AIDE'))).text).toContain('Répondez STOP');
  expect((await reply(form('SM5', '+33612345678', 'super, merci'))).text).not.toContain('Message');
  expect(await toldOf('SM5')).toMatchObject([{ name: 'relance_message_replied' }]);
  await reply(form('SM6', '+33699999999', 'stop'));
  expect(await isActive()).toHaveLength(2);
  expect(await toldOf('SM6')).toMatchObject([
    { name: 'consent_changed', ids: { phone: '+33699999999' }, properties: { status: 'denied' } },
  ]);
});
