import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes whatever it is sent: what was texted stands in the outbox, where `Mailbox` reads it. */
export async function startSmsGateway() {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      SMS_WEBHOOK_URL: `http://127.0.0.1:${port}/send`,
      SMS_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString("base64")}`,
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
