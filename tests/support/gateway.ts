import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import os from "node:os";
import path from "node:path";
import { createRemoteJWKSet, customFetch, type JWTPayload, jwtVerify } from "jose";
import { afterAll, vi } from "vitest";
import { ASSERTION_TYPE } from "@/lib/gateway/assertion";
import { getConfig } from "@/lib/platform/config";

// A gateway's configuration, which has to stand before anything reads it: this file is imported first.

export const TOKEN = "a-gateway-token-that-only-tests-use-0123";
export const FORMER_TOKEN = "a-gateway-token-that-was-in-use-before-01";
/** The host of APP_URL in tests. */
export const HOST = "localhost:3000";
export const ELSEWHERE = "reports.example";
export const AUDIENCE = "https://billing.internal";

const rule = (name: string, pathPattern: string, more: object) => ({
  name,
  host: HOST,
  path: pathPattern,
  audience: AUDIENCE,
  ...more,
});
const RULES = [
  rule("open", "/open/**", { access: "anonymous" }),
  rule("signed-in", "/pages/**", { access: "signed-in" }),
  rule("billing", "/billing/**", { access: { permission: "view_invoice" } }),
  rule("billing-admin", "/billing/admin/**", {
    access: { permission: "delete_invoice" },
    acr: "urn:gatehouse:aal2",
    methods: ["GET"],
  }),
  rule("billing-open", "/billing/open/**", { access: "anonymous" }),
  rule("billing-few", "/billing/few/**", {
    access: "signed-in",
    rateLimit: { requests: 3, seconds: 60 },
  }),
  rule("fresh", "/fresh/**", { access: "signed-in", maxAge: 600 }),
  rule("programs", "/programs/**", {
    access: "signed-in",
    services: true,
    passAuthorization: true,
  }),
  rule("write", "/write/**", { access: "signed-in", services: true, scope: "api:write" }),
  rule("few", "/few/**", { access: "signed-in", rateLimit: { requests: 3, seconds: 60 } }),
  rule("seen-by-support", "/support/**", { access: "signed-in", impersonated: true }),
  { ...rule("elsewhere", "/**", { access: "signed-in", services: true }), host: ELSEWHERE },
];

const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-gateway-"));
/** Read at the first question: a test may write others before. */
export const RULES_FILE = path.join(dir, "rules.json");
writeFileSync(RULES_FILE, JSON.stringify({ rules: RULES }));
vi.stubEnv("GATEWAY_TOKEN", `${TOKEN},${FORMER_TOKEN}`);
vi.stubEnv("GATEWAY_RULES_FILE", RULES_FILE);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What a proxy asks of the endpoint about a request for `uri`. */
export const askOf = (uri: string, headers: Record<string, string> = {}) => ({
  "gatehouse-gateway-token": TOKEN,
  "x-forwarded-method": "GET",
  "x-forwarded-proto": "http",
  "x-forwarded-host": HOST,
  "x-forwarded-uri": uri,
  ...headers,
});

/** A request that is sent as it is written: `fetch` tidies addresses up, and says itself how it was made. */
export const rawGet = (
  port: number,
  target: string,
  headers: Record<string, string | string[]>,
  method = "GET",
): Promise<Response> =>
  new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: target, headers, method }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject).once("end", () => {
        const { statusCode: status = 0, rawHeaders } = answer;
        const own = new Headers();
        for (let at = 0; at < rawHeaders.length; at += 2)
          own.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
        const hasBody = ![204, 304].includes(status);
        resolve(new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers: own }));
      });
    })
      .once("error", reject)
      .end();
  });

/** The claims of an assertion, verified as a service would: by the published keys, for its own audience. */
export async function verifyAssertion(
  send: typeof fetch,
  assertion: string,
  { audience = AUDIENCE, now = new Date() }: { audience?: string; now?: Date } = {},
): Promise<JWTPayload & Record<string, unknown>> {
  const issuer = `${getConfig().origin}/oidc`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), { [customFetch]: send });
  const { payload } = await jwtVerify(assertion, keys, {
    issuer,
    audience,
    typ: ASSERTION_TYPE,
    algorithms: ["ES256"],
    requiredClaims: ["exp", "sub", "jti"],
    currentDate: now,
  });
  return payload;
}
