export { LuxonCalendar } from './luxon-calendar.js';
