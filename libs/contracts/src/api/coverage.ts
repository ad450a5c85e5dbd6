import { z } from 'zod';
import { count, id, sentence } from './shared.js';
import { route } from './route.js';

/** `GET /api/scenarios/:id/coverage`: of those it would take in now, who lacks what. */
export const coverage = z.object({
  scenario: id,
  name: z.string(),
  /** Whom it is about, in words: members of a segment, or people with such an event. */
  basis: sentence,
  /** People looked at; where there are more, the first so many. */
  people: count,
  isPartial: z.boolean(),
  lacks: z.array(
    z.object({
      kind: z.enum(['address', 'consent', 'owner', 'trait']),
      /** A channel, or a trait. */
      what: z.string(),
      label: sentence,
      people: count,
      /** Who could say it, the first master first. */
      sources: z.array(z.object({ id, name: z.string() })),
      sentence,
    }),
  ),
});

/** What is known before a scenario goes out. */
export const beforeRoutes = {
  coverage: route({
    method: 'GET',
    path: '/api/scenarios/:id/coverage',
    roles: ['marketer', 'analyst', 'admin', 'machine'],
    summary: { fr: 'Ce qui manque aux entrants', en: 'What those who would enter lack' },
    response: coverage,
  }),
};
