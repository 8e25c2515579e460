/**
 * Clicks from the page itself, so that a visitor needs no second tool. The answers are opaque to the page (another
 * port is another origin); what became of them is seen in the figures.
 *
 * @param {number} perSecond
 * @param {() => string | undefined} link
 */
export function createTraffic(perSecond, link) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  function click() {
    const url = link();
    if (url) void fetch(`${url}&format=json&aff_sub=console`, { mode: 'no-cors', cache: 'no-store' }).catch(() => {});
  }
  return {
    /** Starts or stops; true when it now runs. */
    toggle() {
      if (timer) clearInterval(timer);
      timer = timer ? undefined : setInterval(click, 1000 / perSecond);
      return timer !== undefined;
    },
  };
}
