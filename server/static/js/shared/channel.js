/** News from the server: a socket while it lives, long polling while it does not. */

const REREAD_MS = 20_000; // a push is a hint; the state is read again in any case
const REREAD_SEALING_MS = 3_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_POLL_PAUSE_MS = 2_500; // a store that comes back is noticed within three seconds
const SOCKET_PATIENCE_MS = 2_000; // some networks neither carry a websocket nor refuse it
const LOST = new Set([401, 403, 404, 410]);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * `seq()` is the last state seen; `on` = {page, online, lost}. `loadIo` gives socket.io's `io`;
 * `busy()` asks for closer looks. Returns {refresh, aside, stop}.
 */
export function openChannel({ api, seq, loadIo, busy, on }) {
  let live = false;
  let polling = false;
  let stopped = false;
  let reading = null;
  let unread = false;
  let socket = null;
  let era = 0; // odd while the page steps aside; answers to questions of an earlier era are void

  function failed(problem, asked) {
    if (asked !== era) return;
    if (problem.code === "network") on.online(false);
    else if (LOST.has(problem.status)) {
      stop();
      on.lost(problem);
    }
  }

  /** Reads the state; calls made meanwhile share one further reading, for news may be newer. */
  function refresh() {
    if (isAside()) return Promise.resolve();
    if (reading) {
      unread = true;
      return reading;
    }
    reading = ask(api.state()).finally(() => {
      reading = null;
      const more = unread;
      unread = false;
      return more ? refresh() : null;
    });
    return reading;
  }

  /** Hands an answer on, or returns the problem that came instead. */
  async function ask(answer) {
    const asked = era;
    try {
      const page = await answer;
      if (asked === era) on.page(page);
      on.online(true);
      return null;
    } catch (problem) {
      failed(problem, asked);
      return problem;
    }
  }

  const isAside = () => era % 2 === 1;

  async function poll() {
    if (polling) return;
    polling = true;
    let wait = SHORTEST_PAUSE_MS;
    while (!live && !stopped && !isAside()) {
      const problem = await ask(api.events(seq()));
      const told = (problem?.details?.retryAfter ?? 0) * 1000;
      wait = problem ? Math.max(told, Math.min(wait * 2, LONGEST_POLL_PAUSE_MS)) : calm();
      if (!live) await pause(wait);
    }
    polling = false;
  }

  /** An answer comes when there is news; but where there is no QR session none is waited for. */
  const calm = () => (seq() ? SHORTEST_PAUSE_MS : LONGEST_PAUSE_MS);

  function down() {
    live = false;
    if (stopped || isAside()) return;
    poll();
    // Refused by the server rather than cut off: the client does not try again by itself.
    if (!socket.active) setTimeout(() => stopped || socket.connect(), LONGEST_PAUSE_MS);
  }

  async function connect() {
    const io = await loadIo();
    if (stopped) return;
    setTimeout(poll, SOCKET_PATIENCE_MS);
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
    socket.on("disconnect", down);
    socket.on("connect_error", down);
  }

  /** Takes `step`, after which the task has another QR session or this page another token. */
  async function aside(step) {
    era += 1;
    socket?.disconnect();
    try {
      return await step();
    } finally {
      era += 1;
      socket?.connect();
      setTimeout(poll, SOCKET_PATIENCE_MS);
      await refresh();
    }
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
  return { refresh, aside, stop };
}
