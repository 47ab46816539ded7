// Pages that wait, with the stock socket.io client and the settings of the signing page.
// In: one line for each page, {id, base, ticket, cookie, address}; it connects from that address.
// Out: one line for each thing that it heard, `at` nanoseconds of the clock that all programs share.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const tell = (told) => {
  const at = Number(process.hrtime.bigint());
  process.stdout.write(`${JSON.stringify({ ...told, at })}\n`);
};

function open({ id, base, ticket, cookie, address }) {
  const socket = io(`${base}/qr`, {
    transports: ["websocket"],
    reconnectionDelayMax: 10_000,
    forceNew: true,
    localAddress: address,
    extraHeaders: { Origin: base, ...(cookie && { Cookie: cookie }) },
    auth: { ticket, seq: 0 },
  });
  for (const name of ["snapshot", "state"]) {
    socket.on(name, (view) => tell({ ...view, id, name }));
  }
  socket.on("disconnect", (why) => tell({ id, name: "disconnect", why }));
  socket.on("connect_error", (error) => tell({ id, name: "connect_error", why: error.message }));
}

createInterface({ input: process.stdin })
  .on("line", (line) => open(JSON.parse(line)))
  .on("close", () => process.exit());
