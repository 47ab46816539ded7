/** A QR matrix as one SVG path; the quiet zone is the reader's right and always drawn. */

export const QUIET_ZONE = 4;

/** Modules along one edge of the whole picture, quiet zone included. */
export function pictureSize(modules) {
  return modules.length + 2 * QUIET_ZONE;
}

/** `modules`: rows of "0" and "1". Returns path data; one unit is one module. */
export function qrPath(modules) {
  const parts = [];
  modules.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) {
      const length = run[0].length;
      parts.push(`M${run.index + QUIET_ZONE} ${y + QUIET_ZONE}h${length}v1h-${length}z`);
    }
  });
  return parts.join("");
}
