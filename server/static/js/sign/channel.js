/** News from the server: a socket while it lives, long polling while it does not. */

const REREAD_MS = 20_000; // a push is a hint; the state is read again in any case
const REREAD_SEALING_MS = 3_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const LOST = new Set([401, 403, 404, 410]);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * `seq()` is the last state seen; `on` = {page, frames, online, lost}. `loadIo` gives socket.io's
 * `io`. Returns {refresh, stop}.
 */
export function openChannel({ api, seq, loadIo, busy, on }) {
  let live = false;
  let polling = false;
  let stopped = false;
  let reading = null;
  let socket = null;

  function failed(problem) {
    if (problem.code === "network") on.online(false);
    else if (LOST.has(problem.status)) {
      stop();
      on.lost(problem);
    }
  }

  /** Reads the state now; calls made meanwhile share one answer. */
  function refresh() {
    reading ??= api
      .state()
      .then((page) => {
        on.online(true);
        on.page(page);
      }, failed)
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  async function poll() {
    if (polling) return;
    polling = true;
    let wait = SHORTEST_PAUSE_MS;
    while (!live && !stopped) {
      try {
        on.page(await api.events(seq()));
        on.online(true);
        wait = SHORTEST_PAUSE_MS;
      } catch (problem) {
        failed(problem);
        wait = Math.max((problem.details?.retryAfter ?? 0) * 1000, Math.min(wait * 2, LONGEST_PAUSE_MS));
      }
      if (!live && !stopped) await pause(wait);
    }
    polling = false;
  }

  function down() {
    live = false;
    if (stopped) return;
    poll();
    // Refused by the server rather than cut off: the client does not try again by itself.
    if (!socket.active) setTimeout(() => stopped || socket.connect(), LONGEST_PAUSE_MS);
  }

  async function connect() {
    const io = await loadIo();
    if (stopped) return;
    socket = io("/qr", {
      path: "/socket.io",
      transports: ["websocket"],
      reconnectionDelayMax: 10_000,
      auth: (give) =>
        api.ticket().then(
          ({ ticket }) => give({ ticket, seq: seq() }),
          () => give({}),
        ),
    });
    socket.on("connect", () => {
      live = true;
      on.online(true);
      refresh();
    });
    socket.on("snapshot", refresh);
    socket.on("state", refresh);
    socket.on("frames", ({ frames }) => on.frames(frames));
    socket.on("disconnect", down);
    socket.on("connect_error", down);
  }

  let lastRead = Date.now();
  const timer = setInterval(() => {
    const due = busy() ? REREAD_SEALING_MS : REREAD_MS;
    if (document.hidden || Date.now() - lastRead < due) return;
    lastRead = Date.now();
    refresh();
  }, 1_000);
  const seen = () => document.hidden || refresh();
  document.addEventListener("visibilitychange", seen);

  function stop() {
    stopped = true;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
    socket?.disconnect();
  }

  connect().catch(poll);
  return { refresh, stop };
}
