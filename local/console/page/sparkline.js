const widthPixels = 240;
const heightPixels = 36;

/**
 * Points of a polyline over a fixed box; the scale is shared by both lines of a panel so that they can be compared.
 *
 * @param {readonly number[]} samples
 * @param {number} samplesMax
 * @param {number} highest
 */
function linePoints(samples, samplesMax, highest) {
  const offset = samplesMax - samples.length;
  return samples
    .map((value, index) => {
      const x = ((offset + index) / Math.max(1, samplesMax - 1)) * widthPixels;
      const y = heightPixels - 2 - (value / Math.max(1, highest)) * (heightPixels - 4);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** Two lines, captured and stored, over the last minute. */
export function createSparkline() {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  picture.setAttribute('viewBox', `0 0 ${widthPixels} ${heightPixels}`);
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('class', 'sparkline');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', 'Events captured and stored a second, last minute');
  const lines = ['captured', 'stored'].map((name) => {
    const line = document.createElementNS(namespace, 'polyline');
    line.setAttribute('class', `line-${name}`);
    picture.append(line);
    return line;
  });
  return {
    picture,
    /** @param {readonly (readonly number[])[]} series */
    draw(series) {
      const highest = Math.max(1, ...series.flat());
      lines.forEach((line, index) => {
        line.setAttribute('points', linePoints(series[index] ?? [], 60, highest));
      });
    },
  };
}
