import { expect, it } from 'vitest';
import type { Reason } from '#libs/decision';
import { reasonDetail } from './reason-details.js';
import { workspaceWords } from './workspace-words.js';

it.each<[Reason, string | null, string, string]>([
  ['suppressed_unsubscribed', '', '', ''],
  ['suppressed_unsubscribed', null, '', ''],
  ['not_eligible', 'profile.country == "FR"', 'il faut : Pays = FR', 'it takes: Country = FR'],
  ['not_suitable', 'profile.a + 1 > 2', '', ''],
  ['missing_data', 'has(profile.birthday)', 'Anniversaire : connu', 'Birthday: known'],
  ['rule_error', 'profile.list.all(x, x > 1)', '', ''],
  ['cap', 'email 2/2, 7d', 'courriel 2/2, 7 j', 'e-mail 2/2, 7 d'],
  ['cap', 'any 4/4, 7d', 'tous canaux 4/4, 7 j', 'all channels 4/4, 7 d'],
  ['limit_reached', '20/20, 1 d', '20/20, 1 j', '20/20, 1 d'],
  ['held', 'open-complaint', 'open complaint', 'open complaint'],
  ['consent_basis_not_allowed', 'soft_opt_in', 'client existant', 'existing customer'],
])('the detail of %s (%s) is told in words', (reason, recorded, french, english) => {
  const row = { reason, reasonDetail: recorded };
  expect(reasonDetail(row, workspaceWords(null, 'fr'))).toBe(french);
  expect(reasonDetail(row, workspaceWords(null, 'en'))).toBe(english);
});
