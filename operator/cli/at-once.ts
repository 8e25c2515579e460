/** So many of them side by side; nothing is begun any more after the first failure. */
export async function atOnce<Item>(
  items: readonly Item[],
  countMax: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of waiting) {
      if (failed) return;
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: countMax }, worker));
}
