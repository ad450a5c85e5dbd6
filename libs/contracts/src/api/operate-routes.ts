import {
  actBody,
  actResult,
  enrolments,
  enrolmentsQuery,
  operatorActs,
  pauseBody,
  pauseResult,
  pauses,
  troubles,
} from './operate.js';
import { route } from './route.js';
import { ROLES } from './shared.js';

const OPERATORS = ['marketer', 'admin', 'machine'] as const;

/** Routes of whoever keeps scenarios running: pauses, and enrolments that need somebody. */
export const operateRoutes = {
  pauses: route({
    method: 'GET',
    path: '/api/pauses',
    roles: ROLES,
    summary: { fr: 'Ce qui est suspendu', en: 'What is paused' },
    response: pauses,
  }),
  pause: route({
    method: 'POST',
    path: '/api/pauses',
    roles: OPERATORS,
    summary: {
      fr: 'Suspendre ou reprendre tout, ou un scénario',
      en: 'Pause or resume everything, or a scenario',
    },
    body: pauseBody,
    response: pauseResult,
  }),
  enrolments: route({
    method: 'GET',
    path: '/api/enrolments',
    roles: OPERATORS,
    summary: { fr: 'Parcours, par souci', en: 'Enrolments, by trouble' },
    query: enrolmentsQuery,
    response: enrolments,
  }),
  troubles: route({
    method: 'GET',
    path: '/api/enrolments/troubles',
    roles: OPERATORS,
    summary: {
      fr: 'Combien de parcours bloqués, en retard ou en échec',
      en: 'How many enrolments are stuck, overdue or failing',
    },
    response: troubles,
  }),
  actOnEnrolments: route({
    method: 'POST',
    path: '/api/enrolments/act',
    roles: OPERATORS,
    summary: {
      fr: 'Suspendre, reprendre ou arrêter des parcours',
      en: 'Pause, resume or stop enrolments',
    },
    body: actBody,
    response: actResult,
  }),
  operatorActs: route({
    method: 'GET',
    path: '/api/operator-acts',
    roles: OPERATORS,
    summary: { fr: 'Ce que les opérateurs ont fait', en: 'What operators did' },
    response: operatorActs,
  }),
};
