import { HttpConnection, postRequest } from './http-connection.js';

/** What the load process is told to do. */
export interface LoadOrder {
  readonly port: number;
  readonly writeKey: string;
  readonly prefix: string;
  readonly connections: number;
  /** Events of one request; 1 posts to `/v1/track`. */
  readonly together: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What it answers. */
export interface LoadReport {
  /** Requests answered within the measured time. */
  readonly requests: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of the whole run, warm-up included. */
  readonly non2xx: number;
  /** Events sent; their ids are `prefix-0` to `prefix-(sent-1)`. */
  readonly sent: number;
  /** Places of events that were not acknowledged. */
  readonly refused: readonly number[];
}

const PRODUCTS = ['lampe', 'tapis', 'vase', 'miroir', 'plaid', 'bougie'];

function eventText(prefix: string, place: number, nowText: string): string {
  const user = place % 5_000;
  return JSON.stringify({
    type: 'track',
    messageId: `${prefix}-${place}`,
    userId: `user-${user}`,
    anonymousId: `anon-${user}`,
    event: 'Product Viewed',
    timestamp: nowText,
    properties: {
      product_id: `SKU-${place % 977}`,
      name: PRODUCTS[place % PRODUCTS.length],
      price: (place % 500) + 0.9,
      currency: 'EUR',
      category: 'maison',
      position: place % 40,
    },
    context: {
      ip: '203.0.113.77',
      locale: 'fr-FR',
      userAgent:
        'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      library: { name: 'analytics.js', version: '2.1.0' },
      page: { path: '/produit', title: 'Produit', url: 'https://shop.example/produit' },
    },
  });
}

function bodyFor(order: LoadOrder, firstPlace: number): string {
  const nowText = new Date().toISOString();
  if (order.together === 1) return eventText(order.prefix, firstPlace, nowText);
  const events = Array.from({ length: order.together }, (_, index) =>
    eventText(order.prefix, firstPlace + index, nowText),
  );
  return `{"batch":[${events.join(',')}],"sentAt":"${nowText}"}`;
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const path = order.together === 1 ? '/v1/track' : '/v1/batch';
  const expected = `"accepted":${order.together},`;
  const startMs = performance.now();
  const measureFromMs = startMs + order.warmUpMs;
  const endMs = measureFromMs + order.measureMs;
  const latencies: number[] = [];
  const refused: number[] = [];
  let sent = 0;
  let non2xx = 0;
  const lane = async (): Promise<void> => {
    const connection = await HttpConnection.open(order.port);
    for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) {
      const first = sent;
      sent += order.together;
      const request = postRequest(path, order.writeKey, bodyFor(order, first));
      const sentMs = performance.now();
      const answer = await connection.send(request);
      const doneMs = performance.now();
      if (answer.status < 200 || answer.status > 299) non2xx += 1;
      if (!answer.body.includes(expected)) {
        for (let index = 0; index < order.together; index += 1) refused.push(first + index);
      }
      if (sentMs >= measureFromMs && doneMs <= endMs) latencies.push(doneMs - sentMs);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: order.connections }, lane));
  latencies.sort((left, right) => left - right);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requests: latencies.length,
    elapsedMs: order.measureMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: latencies.at(-1) ?? 0,
    non2xx,
    sent,
    refused,
  };
}

process.once('message', (order: LoadOrder) => {
  void run(order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});
