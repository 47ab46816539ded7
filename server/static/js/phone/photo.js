/** Makes a photo small before it travels: a QR frame is fresh for seconds, a 6 MB photo is slow. */

/** How small; papers are read by people, a QR code by a program. */
const OF_QR = { edge: 1600, enough: 600_000 };
export const OF_PAPERS = { edge: 2600, enough: 2_000_000 };

function loadPicture(url) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = reject;
    picture.src = url;
  });
}

function redraw(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.naturalWidth * scale);
  canvas.height = Math.round(picture.naturalHeight * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

/** The photo as a Blob with no edge longer, or the file itself when small or unreadable here. */
export async function shrink(file, { edge, enough } = OF_QR) {
  if (file.size <= enough) return file;
  const url = URL.createObjectURL(file);
  try {
    const picture = await loadPicture(url);
    const scale = edge / Math.max(picture.naturalWidth, picture.naturalHeight);
    return (scale < 1 && (await redraw(picture, scale))) || file;
  } catch {
    return file; // the server may still know the format
  } finally {
    URL.revokeObjectURL(url);
  }
}
