import type { EpochMs } from '#libs/kernel';

/** A message that the sandbox caught, as the person who gets it sees it. */
export interface ReceivedMessage {
  /** Order in the sandbox; rises. */
  readonly seq: number;
  readonly channel: 'email' | 'sms';
  /** An e-mail address or an E.164 number. */
  readonly to: string;
  readonly receivedAtMs: EpochMs;
  readonly deliveryId: string | null;
  /** Id of the scenario that sent it; null where the sandbox does not know. */
  readonly scenario: string | null;
  /** Id of the action it stands for; null: the words of the message tell. */
  readonly action: string | null;
  /** Subject and text together. */
  readonly text: string;
  /** The first tracked link to click. */
  readonly firstLink: string | null;
  readonly unsubscribeLink: string | null;
}

/** A task that waits for a rep. */
export interface OpenTask {
  readonly taskId: string;
  readonly createdAtMs: EpochMs;
  readonly scenario: string | null;
  /** E-mail, mobile, login or customer number of the person to call. */
  readonly person: string;
}

/** The links in a message that a person would use. */
export interface MessageLinks {
  readonly firstLink: string | null;
  readonly unsubscribeLink: string | null;
}

const URL_IN_TEXT = /https?:\/\/[^\s"'<>)]+/g;
const LINK_TARGET = /href\s*=\s*["']([^"']+)["']/gi;

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

/**
 * Finds the first tracked link (`/c/...`) and the way to unsubscribe (the header of RFC 8058, else
 * `/u/...` in the body). Null where there is none.
 */
export function readLinks(message: {
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}): MessageLinks {
  const urls = [
    ...Array.from(message.html.matchAll(LINK_TARGET), ([, url = '']) =>
      url.replaceAll('&amp;', '&'),
    ),
    ...Array.from(message.text.matchAll(URL_IN_TEXT), ([url]) => url),
  ];
  const stated = /<(https?:[^>]+)>/.exec(message.headers['list-unsubscribe'] ?? '')?.[1];
  return {
    firstLink: urls.find((url) => pathOf(url).includes('/c/')) ?? null,
    unsubscribeLink: stated ?? urls.find((url) => pathOf(url).includes('/u/')) ?? null,
  };
}
