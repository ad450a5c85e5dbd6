import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '#libs/adapter-postgres';
import { startMailSandbox } from '../../apps/api/src/sandbox/mail-sandbox.js';
import { startHarness, type Harness } from './harness.js';

let api: Harness;
let database: Database;
beforeAll(async () => {
  api = await startHarness();
  database = new Database({ url: api.postgres.url });
});
afterAll(async () => {
  await database.close();
  await api.close();
});

test('the sandbox keeps what it accepts, one row for each recipient', async () => {
  const sandbox = await startMailSandbox(api.engine, { port: 0 });
  const transport = createTransport({ host: '127.0.0.1', port: sandbox.port, pool: true });
  const send = (n: number) =>
    transport.sendMail({
      from: 'Maison Lumen <bonjour@maison-lumen.example>',
      to: n === 0 ? ['A@x.example', 'b@x.example'] : `c${n}@x.example`,
      subject: `Noël ${n}\u0000`,
      html: '<p>Bonjour</p>',
      text: 'Bonjour',
      headers: { 'X-Relance-Delivery': `e/welcome#${n}` },
    });
  await Promise.all(Array.from({ length: 20 }, (_, n) => send(n)));
  transport.close();
  await sandbox.close();
  const rows = await database.query<Record<string, unknown>>(
    `SELECT delivery_id, channel, recipient, sender, html, body, headers FROM sandbox_message
     ORDER BY recipient`,
  );
  expect(rows.rows).toHaveLength(21);
  expect(rows.rows[0]).toMatchObject({
    delivery_id: 'e/welcome#0',
    channel: 'email',
    recipient: 'a@x.example',
    sender: 'Maison Lumen <bonjour@maison-lumen.example>',
  });
  expect(rows.rows[0]?.['html']).toContain('<p>Bonjour</p>');
  expect(JSON.parse(String(rows.rows[0]?.['headers']))).toContainEqual([
    'x-relance-delivery',
    'e/welcome#0',
  ]);
});

test('a stop answers or refuses what is in hand, and stores all it has answered', async () => {
  const posts = Array.from({ length: 300 }, (_, n) =>
    api.post('/v1/track', { userId: `u-${n}`, event: 'Stop Test', messageId: `stop-${n}` }).then(
      (answer) => answer.status,
      () => 0,
    ),
  );
  await Promise.race(posts);
  const startMs = performance.now();
  await api.stop();
  expect(performance.now() - startMs).toBeLessThan(8_000);
  const statuses = await Promise.all(posts);
  expect(statuses.filter((status) => ![0, 200, 503].includes(status))).toEqual([]);
  const taken = statuses.flatMap((status, n) => (status === 200 ? [`stop-${n}`] : []));
  expect(taken.length).toBeGreaterThan(0);
  const found = new Set(
    (
      await database.query<{ id: string }>(
        `SELECT value::json->>'messageId' AS id FROM log_events_raw`,
      )
    ).rows.map((row) => row.id),
  );
  expect(taken.filter((id) => !found.has(id))).toEqual([]);
});
