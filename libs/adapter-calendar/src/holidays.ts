import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';

const DAY_MS = 86_400_000;
const MOST_YEARS = 500;

/** Overseas zones of a country that have public holidays of their own. */
const REGION_OF_ZONE: Readonly<Record<string, string>> = {
  'America/Guadeloupe': 'FR-GP',
  'America/Martinique': 'FR-MQ',
  'America/Cayenne': 'FR-GF',
  'America/St_Barthelemy': 'FR-BL',
  'America/Marigot': 'FR-MF',
  'Indian/Reunion': 'FR-RE',
  'Indian/Mayotte': 'FR-YT',
};

const require = createRequire(import.meta.url);
let loaded: typeof Holidays | undefined;

/** Loaded when first asked: its calendars take 30 MB, and most processes never look at one. */
function library(): typeof Holidays {
  return (loaded ??= require('date-holidays') as typeof Holidays);
}

function open(place: string): Holidays | null {
  const [country = '', region] = place.split('-');
  if (!/^[A-Z]{2}$/.test(country)) return null;
  const Book = library();
  const holidays =
    region === undefined
      ? new Book(country, { types: ['public'] })
      : new Book(country, region, { types: ['public'] });
  // An unknown country has no holidays in any year.
  return holidays.getHolidays(2024).length > 0 ? holidays : null;
}

/** Public holidays by country or country-region, each year computed once. */
export class HolidayBook {
  readonly #places = new Map<string, Holidays | null>();
  readonly #years = new Map<string, ReadonlySet<number>>();

  isCountry(place: string): boolean {
    return this.#find(place) !== null;
  }

  /** Whether the local date is a public holiday of the country, or of the zone's region of it. */
  isHoliday(day: number, zone: string, country: string): boolean {
    const year = new Date(day * DAY_MS).getUTCFullYear();
    if (this.#yearOf(country, year).has(day)) return true;
    const region = REGION_OF_ZONE[zone];
    if (region === undefined || !region.startsWith(`${country}-`)) return false;
    return this.#yearOf(region, year).has(day);
  }

  #find(place: string): Holidays | null {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    const found = place.length <= 8 ? open(place) : null;
    if (this.#places.size < MOST_YEARS) this.#places.set(place, found);
    return found;
  }

  #yearOf(place: string, year: number): ReadonlySet<number> {
    const key = `${place} ${year}`;
    const known = this.#years.get(key);
    if (known !== undefined) return known;
    const days = new Set<number>();
    for (const holiday of this.#find(place)?.getHolidays(year) ?? []) {
      if (holiday.type !== 'public') continue;
      const firstDay = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`) / DAY_MS;
      // A holiday of part of a day takes the whole of it.
      const length = Math.ceil((holiday.end.getTime() - holiday.start.getTime()) / DAY_MS - 0.1);
      for (let index = 0; index < Math.max(1, length); index += 1) days.add(firstDay + index);
    }
    if (this.#years.size >= MOST_YEARS) this.#years.clear();
    this.#years.set(key, days);
    return days;
  }
}
