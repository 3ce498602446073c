// Better Auth with what a fair comparison needs: PostgreSQL, the same hashes, no limits on requests.
// Copied to where its packages are; started by fork with the database's address.

import http from "node:http";
import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import pg from "pg";

const [databaseUrl, email, password] = process.argv.slice(2);
if (!databaseUrl || !email || !password) throw new Error("an argument is missing");

/** OWASP's first choice, as Gatehouse has it. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const options = {
  baseURL: "http://127.0.0.1",
  secret: "a secret of a benchmark, and of nothing else",
  database: new pg.Pool({
    connectionString: databaseUrl,
    max: 16,
    options: "-c search_path=better_auth",
  }),
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (/** @type {string} */ text) => hash(text, ARGON2),
      verify: (/** @type {{ hash: string, password: string }} */ given) =>
        verify(given.hash, given.password),
    },
  },
  rateLimit: { enabled: false },
  advanced: { disableOriginCheck: true, disableCSRFCheck: true },
  telemetry: { enabled: false },
};
await options.database.query("CREATE SCHEMA IF NOT EXISTS better_auth");
const { runMigrations } = await getMigrations(options);
await runMigrations();
const auth = betterAuth(options);
const { headers } = await auth.api.signUpEmail({
  body: { email, password, name: "Bench" },
  returnHeaders: true,
});
const cookie = headers
  .getSetCookie()
  .map((line) => line.split(";", 1)[0])
  .join("; ");
const server = http.createServer(toNodeHandler(auth));
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.send?.({ url: `http://127.0.0.1:${port}`, cookie });
});
process.once("disconnect", () => process.exit(0));
