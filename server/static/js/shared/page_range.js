/** Pages as people write them: "1-3,5"; nothing at all means every page. */

const PART = /^(\d+)(?:-(\d+))?$/;

/** "1-3，5" -> [1, 2, 3, 5]; null where it cannot be read or names a page that is not there. */
export function readPages(text, count) {
  const plain = text.replace(/[－–—~至]/g, "-").replace(/[，、；;]/g, ",").replace(/\s/g, "");
  if (plain === "") return Array.from({ length: count }, (_, index) => index + 1);
  const pages = new Set();
  for (const part of plain.split(",").filter(Boolean)) {
    const [, first, last = first] = PART.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && from <= to && to <= count)) return null;
    for (let page = from; page <= to; page += 1) pages.add(page);
  }
  return pages.size ? [...pages].sort((one, other) => one - other) : null;
}

/** [1, 2, 3, 5] -> "1-3,5"; every page -> "". */
export function writePages(pages, count) {
  if (pages.length === count) return "";
  const runs = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run && run[1] === page - 1) run[1] = page;
    else runs.push([page, page]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}
