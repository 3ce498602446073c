// What bounds each operation: the one thing in it that cannot be left out, behind node:http and nothing
// else. Started by fork, with the database's address and a session's hash as arguments.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import http from "node:http";
import { verify } from "@node-rs/argon2";
import pg from "pg";

const [databaseUrl, tokenHash, passwordHash, password] = process.argv.slice(2);
if (!databaseUrl || !tokenHash || !passwordHash || !password)
  throw new Error("an argument is missing");

const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
await pool.query(`CREATE TABLE IF NOT EXISTS bench_tokens
  (id uuid PRIMARY KEY, replaced_at timestamptz, created_at timestamptz NOT NULL DEFAULT now())`);
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const STATIC = Buffer.from(
  JSON.stringify({ keys: Array.from({ length: 3 }, randomUUID) }).padEnd(1_200),
);
const hash = Buffer.from(tokenHash, "hex");

const findSession = () =>
  pool.query({
    name: "bench session",
    text: `SELECT s.id, s.user_id, s.acr, s.auth_time, u.email, u.status FROM sessions s
             JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.absolute_expires_at > now()`,
    values: [hash],
  });

/** As long as one of ours: a header, twelve claims, a signature. */
function signed() {
  const payload = Buffer.from(JSON.stringify({ jti: randomUUID(), claims: "x".repeat(300) }));
  const input = `eyJhbGciOiJFUzI1NiJ9.${payload.toString("base64url")}`;
  const signature = sign("sha256", Buffer.from(input), {
    key: privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}

async function rotate() {
  const id = randomUUID();
  await pool.query({
    name: "bench find",
    text: "SELECT * FROM bench_tokens WHERE id = $1",
    values: [id],
  });
  await pool.query({
    name: "bench replace",
    text: "UPDATE bench_tokens SET replaced_at = now() WHERE id = $1 AND replaced_at IS NULL",
    values: [id],
  });
  await pool.query({
    name: "bench add",
    text: "INSERT INTO bench_tokens (id) VALUES ($1)",
    values: [id],
  });
  return signed();
}

/** @type {Record<string, () => Promise<unknown>>} */
const OPERATIONS = {
  "/verify": () => verify(passwordHash, password),
  "/select": async () => (await findSession()).rows[0],
  "/sign": async () => ({ access_token: signed() }),
  "/rotate": async () => ({ access_token: await rotate() }),
};

const server = http.createServer((request, response) => {
  const operation = OPERATIONS[request.url ?? ""];
  if (operation === undefined) {
    response.writeHead(200, { "content-type": "application/json" }).end(STATIC);
    return;
  }
  request.resume();
  operation().then(
    (answer) => {
      if (!answer) response.writeHead(500).end();
      else
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    },
    (error) => {
      process.stderr.write(`${error}\n`);
      response.writeHead(500).end();
    },
  );
});
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.once("disconnect", () => process.exit(0));
