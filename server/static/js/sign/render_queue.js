/** Draws one thing at a time, the one of lowest rank first, so that what is seen comes first. */

export function makeRenderQueue() {
  const waiting = new Set();
  let running = null;

  async function run() {
    while (waiting.size > 0) {
      const next = [...waiting].reduce((best, job) => (job.rank() < best.rank() ? job : best));
      waiting.delete(next);
      running = next;
      try {
        await next.draw();
      } catch (error) {
        if (error?.name !== "RenderingCancelledException") console.error(error);
      }
      running = null;
    }
  }

  return {
    /** `job`: {rank(), draw() -> promise, cancel()}. */
    add(job) {
      const idle = waiting.size === 0 && running === null;
      waiting.add(job);
      if (idle) queueMicrotask(run);
    },
    drop(job) {
      waiting.delete(job);
      if (running === job) job.cancel();
    },
  };
}
