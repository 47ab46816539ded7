/** Numbers and times as people read them; pure. */

const KILO = 1024;

/** 130962 -> "128 KB"; 1 MB is 1024 x 1024 bytes, as the limit of 20 MB counts it. */
export function fileSize(bytes) {
  if (bytes < KILO * KILO) return `${Math.max(1, Math.round(bytes / KILO))} KB`;
  return `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

/** A Date -> "14:05" on this phone's wall clock. */
export function clockTime(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The wall-clock time in `seconds`, and the minutes until then, rounded up. */
export function timeAfter(seconds, now = Date.now()) {
  return { time: clockTime(new Date(now + seconds * 1000)), n: Math.ceil(seconds / 60) };
}
