import fc from 'fast-check';
import { expect, it } from 'vitest';
import { msgKeyOf } from '#libs/contracts';
import { eventKeyOf } from './event-key.js';

it('is the key of the message id, whatever it is written in', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.uuid()), (messageId) => {
      expect(eventKeyOf(messageId)).toBe(msgKeyOf(messageId));
    }),
  );
});
