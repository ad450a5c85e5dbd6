import { hashId } from '#libs/kernel';

/**
 * The Message-ID of a delivery, `<hash@domain of the sender>`: the same at each attempt, so that a
 * receiver which got a message twice can tell, and unguessable links to people are not in it.
 */
export function messageIdFor(deliveryId: string, from: string): string {
  const domain = /@([^\s@<>]+?)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return `<${hashId('message', deliveryId)}@${domain.toLowerCase()}>`;
}
