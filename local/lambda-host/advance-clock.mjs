// Sets the clock of one environment forward. Plain JavaScript, as bootstrap.mjs.

const MachineDate = Date;
const machineNow = Date.now;
let aheadMs = 0;

/**
 * From now on `Date` is so far ahead of the machine's clock. Timers run as before.
 * @param {number} ms
 */
export function advanceClock(ms) {
  if (ms === aheadMs) return;
  if (globalThis.Date === MachineDate) globalThis.Date = new Proxy(MachineDate, { construct, apply });
  MachineDate.now = () => machineNow() + aheadMs;
  aheadMs = ms;
}

/**
 * @param {DateConstructor} _
 * @param {unknown[]} given
 * @param {Function} newTarget
 */
function construct(_, given, newTarget) {
  return Reflect.construct(MachineDate, given.length === 0 ? [Date.now()] : given, newTarget);
}

function apply() {
  return new Date().toString();
}
