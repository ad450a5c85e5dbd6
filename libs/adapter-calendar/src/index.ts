export { LuxonCalendar } from './luxon-calendar.js';
export { EntryCalendar } from './entry-calendar.js';
export { ruleProblem } from './rule-problem.js';
