import { z } from 'zod';
import { idSchema, traitNameSchema } from '../workspace/shared.js';
import { route } from './route.js';

/** Most bytes of what a program gives with a request; an event's own bound. */
const MOST_PROPERTY_BYTES = 32 * 1024;
const MOST_IDS = 20;

const ids = z
  .record(
    z.string().min(1).max(100),
    z.union([z.string().min(1).max(512), z.number()]).transform(String),
  )
  .refine((given) => {
    const count = Object.keys(given).length;
    return count > 0 && count <= MOST_IDS;
  });

const properties = z
  .record(traitNameSchema, z.json())
  .refine((given) => JSON.stringify(given).length <= MOST_PROPERTY_BYTES);

/** Path of `POST /v1/scenarios/:id/enrolments`. */
export const enrolParams = z.object({ id: idSchema });

/** Asks for a person to be taken into a scenario. */
export const enrolBody = z.strictObject({
  /** Ids of the person by namespace. */
  profile: ids,
  /** `entry.<property>` in the scenario. */
  properties: properties.default({}),
  /** The caller's own id of this request: told again, it counts once. */
  idempotencyKey: z.string().min(1).max(200),
});

/** What became of a request: on disk now, or told before. Whether the person enters, the engine says. */
const enrolAnswer = z.object({
  status: z.enum(['requested', 'repeated']),
  /** Key of the event that asks. */
  requestId: z.string(),
  scenario: z.string(),
  profileId: z.string(),
});

/** The answer as JSON. */
export type EnrolAnswerView = z.output<typeof enrolAnswer>;

/** What programs call with an API key, beside capture. */
export const PROGRAM_ROUTES = [
  {
    operation: 'requestEnrolment',
    ...route({
      method: 'POST',
      path: '/v1/scenarios/:id/enrolments',
      roles: ['machine'],
      summary: {
        fr: 'Demander l’entrée d’une personne dans un scénario',
        en: 'Ask for a person to enter a scenario',
      },
      body: enrolBody,
      response: enrolAnswer,
    }),
  },
] as const;
