import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookAnswer, WebhookCall, WebhookClient } from '#libs/application';
import { hashId, type JsonObject } from '#libs/kernel';

/** Of an answer, more is not read. */
const MOST_READ_BYTES = 65_536;
/** Of an answer, more is not kept: it would lie in the state of a person. */
const MOST_KEPT_CHARACTERS = 2_048;
/** Statuses that a later try may not meet again. */
const PASSING = new Set([408, 425, 429]);

/**
 * The secret of an endpoint, `whsec_` and base64, for its receiver to check signatures with. Derived,
 * so that a workspace needs no secret in it and one endpoint’s tells nothing of another’s.
 */
export function endpointSecret(masterSecret: string, endpoint: string): string {
  const key = createHmac('sha256', masterSecret).update(`webhook/${endpoint}`).digest('base64');
  return `whsec_${key}`;
}

/**
 * Calls endpoints by POST, signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature`). The id is the same for every try of one call. Redirects are not followed: a
 * signed body goes nowhere but where the workspace says.
 */
export function createWebhookClient(masterSecret: string): WebhookClient {
  return {
    async call(call, signal) {
      const timeout = AbortSignal.timeout(call.timeoutMs);
      try {
        const response = await post(masterSecret, call, AbortSignal.any([signal, timeout]));
        return await answerOf(response);
      } catch {
        if (signal.aborted) return failed('aborted', null, true);
        return failed(timeout.aborted ? 'timeout' : 'no_connection', null, true);
      }
    },
  };
}

async function post(
  masterSecret: string,
  call: WebhookCall & { readonly url: string },
  signal: AbortSignal,
): Promise<Response> {
  const payload = JSON.stringify({
    type: 'relance.step',
    timestamp: new Date(call.askedAtMs).toISOString(),
    data: {
      scenario: call.scenario,
      step: call.stepId,
      profileId: call.profileId,
      ...(Object.keys(call.body).length === 0 ? {} : { body: call.body }),
    },
  });
  const id = `msg_${hashId('webhook', call.id)}`;
  const sentAt = new Date();
  const signature = new Webhook(endpointSecret(masterSecret, call.endpoint)).sign(
    id,
    sentAt,
    payload,
  );
  return await fetch(call.url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'relance',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': signature,
    },
    body: payload,
    signal,
  });
}

async function answerOf(response: Response): Promise<WebhookAnswer> {
  const { status } = response;
  const text = await readBounded(response);
  if (status >= 300 && status < 400) return failed('redirected', status, false);
  if (status >= 400) return failed('status', status, status >= 500 || PASSING.has(status));
  const body = objectOf(text);
  return { kind: 'answered', status, ...(body === null ? {} : { body }) };
}

/** Null where the answer is longer than is read. */
async function readBounded(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > MOST_READ_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function objectOf(text: string | null): JsonObject | null {
  if (text === null || text.length > MOST_KEPT_CHARACTERS) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

function failed(
  reason: Extract<WebhookAnswer, { kind: 'failed' }>['reason'],
  status: number | null,
  isPassing: boolean,
): WebhookAnswer {
  return { kind: 'failed', status, reason, isPassing };
}
