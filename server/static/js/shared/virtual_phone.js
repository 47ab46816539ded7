/** Development only: a phone in a small window. */

/** Opens the link of `frame` (or nothing), as a phone's camera would, at the address `base`. */
export function openVirtualPhone(frame, base) {
  if (!frame) return;
  const link = new URL(new URL(frame.text).pathname, new URL(base, location.href));
  window.open(link, "guiyin-virtual-phone", "popup,width=390,height=844");
}
