import { describe, expect, it } from 'vitest';
import { jsonSchemaOf, keysAt } from './json-schemas.js';
import { KIND_SCHEMAS, type Kind } from './kinds.js';

const KINDS = Object.keys(KIND_SCHEMAS) as Kind[];

describe('the JSON Schemas for editors', () => {
  for (const kind of KINDS) {
    // `npx vitest run libs/contracts -u` writes them anew.
    it(`schemas/${kind}.json is what the zod schema says`, async () => {
      const text = `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(`../../../../schemas/${kind}.json`);
    });
  }

  it('tells the keys possible at a place, through choices and nested steps', () => {
    expect(keysAt('scenario', ['steps', 0, 'decide'])).toContain('timeout');
    expect(keysAt('scenario', ['steps', 0, 'wait_for', 'then', 3])).toContain('exit');
    expect(keysAt('relance', ['senders', 'shop'])).toContain('reply_to');
    expect(keysAt('policies', ['caps', 0])).toEqual(['channel', 'purpose', 'per', 'max']);
  });

  it('refuses unknown keys', () => {
    for (const kind of KINDS) expect(jsonSchemaOf(kind)['additionalProperties']).toBe(false);
  });
});
