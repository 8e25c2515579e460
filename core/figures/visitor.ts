import type { LoggedEvent } from '../event/event.ts';

/**
 * By what a click's visitor is recognised within a UTC day: `visitor`, else address and user agent as far as the line
 * has them. Where no address is kept nothing tells visitors apart, and each click is by a visitor of its own.
 */
export function visitorKey(event: LoggedEvent): string {
  const { id, visitor, ip, user_agent: userAgent } = event;
  if (typeof visitor === 'string') return visitor;
  return typeof ip === 'string' ? `${ip} ${userAgent ?? ''}` : id;
}
