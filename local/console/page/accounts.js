/** @import { EventAccount } from '../../../core/log/accounting.ts' */
/** @import { Accounts } from '../accounts.ts' */
import { formatCount } from './format.js';

/** @type {readonly (readonly [keyof EventAccount, string])[]} */
const classes = [
  ['inBothLogs', 'in both logs'],
  ['inFlight', 'in flight'],
  ['owed', 'owed to a log'],
  ['unconfirmed', 'unconfirmed'],
  ['stranded', 'stranded'],
  ['unexplained', 'unexplained'],
];

/**
 * What a region captured by the numbers that it gave out, and where each of them is now.
 *
 * @param {Accounts} accounts
 * @param {string} region
 * @returns {readonly (readonly string[])[]}
 */
export function accountRows({ segmentsLeft, regions }, region) {
  const account = regions[region];
  if (segmentsLeft > 0) return [['segments still to be read', formatCount(segmentsLeft)]];
  if (!account || account.captured === 0) return [];
  return [
    ['captured', formatCount(account.captured)],
    ...classes.map(([key, label], index) => [`${index === 0 ? '=' : '+'} ${label}`, formatCount(account[key])]),
  ];
}

/**
 * What nothing explains in two accounts, one some seconds after the other: an event that was just captured may be seen in
 * neither place for a moment.
 *
 * @param {Accounts | undefined} earlier
 * @param {Accounts | undefined} later
 * @param {string} region
 */
export function lastingGap(earlier, later, region) {
  if (!earlier || !later || earlier.segmentsLeft + later.segmentsLeft > 0) return 0;
  return Math.min(earlier.regions[region]?.unexplained ?? 0, later.regions[region]?.unexplained ?? 0);
}
