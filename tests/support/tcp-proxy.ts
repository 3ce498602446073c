import { connect, createServer, type Server, type Socket } from "node:net";

/** `pass` hands everything on, `refuse` closes every door, `black-hole` accepts and stays silent. */
export type Mode = "pass" | "refuse" | "black-hole";

/** A proxy in front of a database that can fail in the ways in which networks fail (FLT-10). */
export class TcpProxy {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #mode: Mode = "pass";
  #server: Server | undefined;
  #port = 0;

  constructor(databaseUrl: string) {
    this.#target = new URL(databaseUrl);
  }

  /** The database's URL by way of the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = "127.0.0.1";
    url.port = String(this.#port);
    return url.href;
  }

  async start(): Promise<void> {
    const server = createServer({ allowHalfOpen: false }, (client) => this.#accept(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  async setMode(mode: Mode): Promise<void> {
    const before = this.#mode;
    this.#mode = mode;
    if (before === "refuse" && mode !== "refuse") await this.start();
    if (mode === "refuse") await this.stop();
    // What was swallowed is lost: whoever waits for it has to try again.
    if (before === "black-hole") this.#cut();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#cut();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    this.#track(client);
    if (this.#mode === "black-hole") return;
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    this.#track(upstream);
    client.on("data", (bytes) => this.#pass(bytes, upstream));
    upstream.on("data", (bytes) => this.#pass(bytes, client));
    client.once("close", () => upstream.destroy());
    upstream.once("close", () => client.destroy());
  }

  #pass(bytes: Buffer, to: Socket): void {
    if (this.#mode !== "black-hole") to.write(bytes);
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }
}
