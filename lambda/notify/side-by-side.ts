/**
 * The results of two pieces of work. A defect of one is thrown only when the other one has ended, because Lambda freezes
 * the environment as soon as a run fails.
 */
export async function sideBySide<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
