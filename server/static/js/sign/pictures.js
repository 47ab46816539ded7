/** The seals' pictures, fetched once the right to seal is there; kept in memory alone. */

export function makePictures(api) {
  const known = new Map(); // seal id as text -> {seal, url}
  return {
    get: (sealId) => known.get(String(sealId)) ?? null,

    /** Fetches what is not here yet. Throws Problem. */
    async load(seals) {
      const fresh = seals.filter((seal) => !known.has(String(seal.id)));
      const urls = await Promise.all(fresh.map((seal) => api.sealPicture(seal)));
      fresh.forEach((seal, index) => known.set(String(seal.id), { seal, url: urls[index] }));
    },
  };
}
