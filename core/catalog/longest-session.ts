import { limits } from '../limits/limits.ts';
import type { CatalogContent } from './catalog.ts';

/** How long after a click a conversion can count, in hours: the longest of all offers. */
export function longestSessionHours({ offers }: CatalogContent): number {
  const hoursMax = limits.figures.clickAgeDaysMax * 24;
  return Math.max(0, ...offers.map(({ session_hours: hours }) => hours ?? hoursMax));
}
