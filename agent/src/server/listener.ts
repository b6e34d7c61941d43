import { createServer, type Server } from "node:http";
import type { Guard } from "./guard.js";
import type { Router } from "./router.js";

/** How many connections there may be; streams are among them. */
const MOST_CONNECTIONS = 256;

/** How long the last bytes have to leave. */
const LAST_BYTES_MS = 50;

/** How long a caller may take. */
export interface Patience {
  /** For the headers. */
  headersMs: number;
  /** For the whole request. */
  requestMs: number;
  /** Until the next request, and for anything to move. */
  idleMs: number;
  /** How often that is looked at. */
  checkMs: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 20_000, idleMs: 30_000, checkMs: 2000 };

/** Where requests come in: a path, or an address and a port. */
export class Listener {
  private readonly server: Server;
  private router: Router | undefined;
  private readonly guard: Guard;

  constructor(guard: Guard, patience: Patience = PATIENCE) {
    this.guard = guard;
    const { headersMs, requestMs, idleMs, checkMs } = patience;
    this.server = createServer(
      {
        maxHeaderSize: 16 * 1024,
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        keepAliveTimeout: idleMs,
        connectionsCheckingInterval: checkMs,
      },
      (request, response) => {
        if (this.router === undefined) response.writeHead(503).end();
        else this.router.handle(request, response, this.guard);
      },
    );
    this.server.maxConnections = MOST_CONNECTIONS;
    this.server.setTimeout(idleMs);
  }

  /** @throws what the system says */
  listen(where: string | { address: string; port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.once("listening", () => {
        this.server.off("error", reject);
        this.server.on("error", () => undefined);
        resolve();
      });
      if (typeof where === "string") this.server.listen(where);
      else this.server.listen({ host: where.address, port: where.port, exclusive: true });
    });
  }

  /** The port that is listened on; 0 for a path. */
  get port(): number {
    const address = this.server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  /** Answers from now on. */
  serve(router: Router): void {
    this.router = router;
  }

  /** Ends all connections. */
  close(): void {
    this.server.close();
    setTimeout(() => this.server.closeAllConnections(), LAST_BYTES_MS);
  }
}
