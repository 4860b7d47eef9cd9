import type { Server, Socket } from "node:net";

/**
 * Gives the function that ends a server with everything that is connected to it. `closeAllConnections()` of an HTTPS
 * server does not know connections whose TLS handshake has not come to its end, and `close()` would wait two minutes for them.
 * To be called before the server listens.
 */
export function closing(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}
