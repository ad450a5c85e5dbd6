// Messages per second from a template to the catcher, against bare nodemailer with the same bytes.
// node libs/channel-email/bench/throughput.mjs [--messages 3000]   (after a build)
import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import nodemailer from 'nodemailer';
import {
  compileEmailTemplate,
  createSmtpSender,
  messageIdFor,
  renderEmail,
  rewriteLinks,
  unsubscribeLinks,
} from '#libs/channel-email';

const flag = process.argv.indexOf('--messages');
const messages = flag === -1 ? 3_000 : Number(process.argv[flag + 1]);
const CLAIMED_AT_ONCE = 20;
const KEY = 'benchmark-key-of-at-least-32-bytes!';
const BASE = 'https://r.maison-lumen.example';
const FROM = 'Maison Lumen <bonjour@maison-lumen.example>';

const card = (index) => `<mj-section background-color="#ffffff"><mj-column>
  <mj-text>Lampe ${index} pour {{profile.firstName}}: {{money entry.total}}</mj-text>
  <mj-button href="https://maison-lumen.example/p/${index}?c={{profile.id}}">Voir</mj-button>
  </mj-column></mj-section>`;
const body = `<mjml><mj-body>${[1, 2, 3, 4].map(card).join('')}<mj-section><mj-column><mj-text>
  <a href="{{unsubscribe_url}}">Se désinscrire</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
const compiled = await compileEmailTemplate({
  id: 'bench',
  locales: {
    fr: {
      subject: 'Votre panier, {{profile.firstName}}',
      mjml: body,
      text: 'Bonjour {{profile.firstName}}\nhttps://maison-lumen.example/p/1\n{{unsubscribe_url}}\n',
    },
  },
});
if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));

function write(index) {
  const deliveryId = `mfrggzdfmztwq2lkmfrggzdfmz/relance#${index}`;
  const leave = unsubscribeLinks({ baseUrl: BASE, key: KEY, deliveryId, purpose: 'marketing' });
  const rendered = renderEmail(compiled.value, 'fr', {
    profile: { id: `p${index}`, firstName: `Zoé ${index}` },
    entry: { total: '129.90' },
    unsubscribe_url: leave.unsubscribeUrl,
    format: { locale: 'fr-FR', timezone: 'Europe/Paris', currency: 'EUR' },
  });
  if (!rendered.ok) throw new Error(rendered.error.detail);
  const { html, text } = rendered.value;
  const linked = rewriteLinks(html, text, { baseUrl: BASE, key: KEY, deliveryId });
  return {
    channel: 'email',
    deliveryId,
    to: `p${index}@example.test`,
    from: FROM,
    subject: rendered.value.subject,
    html: linked.html,
    text: linked.text,
    headers: leave.headers,
    messageId: messageIdFor(deliveryId, FROM),
  };
}

async function perSecond(send) {
  let next = 0;
  const started = performance.now();
  const work = async () => {
    for (let index = next++; index < messages; index = next++) await send(index);
  };
  await Promise.all(Array.from({ length: CLAIMED_AT_ONCE }, work));
  return Math.round((messages / (performance.now() - started)) * 1_000);
}

const sink = fork(new URL('./sink.mjs', import.meta.url), {
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
const [port] = await once(createInterface(sink.stdout), 'line');
const url = `smtp://127.0.0.1:${port}`;
const patient = new AbortController().signal;

async function ours(options) {
  const sender = createSmtpSender({ url, ...options });
  const rate = await perSecond(async (index) => {
    const result = await sender.send(write(index), patient);
    if (result.kind !== 'accepted') throw new Error(JSON.stringify(result));
  });
  await sender.close();
  return rate;
}

async function bare() {
  const transport = nodemailer.createTransport({ url, pool: true, maxMessages: 1_000 });
  const { headers, html, text, subject } = write(0);
  const rate = await perSecond((index) =>
    transport.sendMail({ from: FROM, to: `p${index}@example.test`, subject, html, text, headers }),
  );
  transport.close();
  return rate;
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const dkim = { domainName: 'maison-lumen.example', keySelector: 'm1', privateKey };
await bare();
const bareRate = await bare();
const rate = await ours({});
const signedRate = await ours({ dkim });
const writeStarted = performance.now();
for (let index = 0; index < messages; index += 1) write(index);
const writesPerS = Math.round((messages / (performance.now() - writeStarted)) * 1_000);
sink.send('count');
const [taken] = await once(sink, 'message');
if (taken !== messages * 4) throw new Error(`${taken} of ${messages * 4} reached the catcher`);
sink.disconnect();
process.stdout.write(
  `${JSON.stringify({
    bench: 'email',
    messages,
    html_bytes: Buffer.byteLength(write(0).html),
    mails_per_s: rate,
    bare_nodemailer_per_s: bareRate,
    ratio: Math.round((rate / bareRate) * 100) / 100,
    dkim_mails_per_s: signedRate,
    writes_per_s: writesPerS,
  })}\n`,
);
