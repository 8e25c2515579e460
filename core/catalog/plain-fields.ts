import { z } from 'zod';

/** The shapes of single fields that several sections of a catalog file have. */

export const id = z
  .int({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a whole number') })
  .min(1, 'must be at least 1')
  .max(0xffff_ffff, 'must be at most 4294967295');

export const name = z.string().trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');

/** YAML reads 2.50 as a float, which keeps fifteen digits exactly. So more digits are refused. */
export const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)'),
  );

export function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int({ error: message }).min(least, message).max(most, message);
}
