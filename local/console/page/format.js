const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** @param {number} count */
export function formatCount(count) {
  return whole.format(count);
}

/** @param {number} durationMs */
export function formatAge(durationMs) {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1_000_000) return `${whole.format(bytes / 1000)} kB`;
  return `${whole.format(bytes / 1_000_000)} MB`;
}
