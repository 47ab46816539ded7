// The peer of our waiting pages: the stock server of socket.io, doing no more than it must.
// A page waits in a room of its session; a scan moves the session in Redis and tells the room, and
// the adapter tells the other process. Arguments: port, address of Redis.
import { createServer } from "node:http";
import { createClient } from "@redis/client";
import { createAdapter } from "@socket.io/redis-adapter";
import { Server } from "socket.io";

const [port, url] = process.argv.slice(2);
const SCAN = `
if redis.call('GET', KEYS[1]) ~= 'pending' then return 0 end
redis.call('SET', KEYS[1], 'scanned', 'PX', 600000)
return 1`;
const [store, tells, hears] = [0, 1, 2].map(() => createClient({ url }));
await Promise.all([store.connect(), tells.connect(), hears.connect()]);

async function scan(id) {
  const moved = await store.eval(SCAN, { keys: [`peer:${id}`] });
  if (moved) pages.to(id).emit("state", { state: "scanned" });
  return moved ? 200 : 409;
}

const server = createServer(async (request, response) => {
  const [, what, id] = request.url.split("/");
  response.statusCode = what === "scan" ? await scan(id) : 200;
  const body = JSON.stringify({ id });
  response.writeHead(response.statusCode, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
});
const io = new Server(server, {
  transports: ["websocket"],
  adapter: createAdapter(tells, hears),
  serveClient: false,
  pingInterval: 25_000,
  pingTimeout: 20_000,
});
const pages = io.of("/qr");
pages.on("connection", async (socket) => {
  const id = socket.handshake.auth.ticket;
  await socket.join(id);
  socket.emit("snapshot", { state: await store.get(`peer:${id}`) });
});
// What is garbage is not memory of a page.
process.on("SIGUSR2", () => globalThis.gc());
server.listen(Number(port), "127.0.0.1");
