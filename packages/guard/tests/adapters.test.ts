import { beforeEach, describe, expect, test, vi } from "vitest";
import { requireAccess as inExpress } from "../src/express.js";
import { requireAccess as inFastify } from "../src/fastify.js";
import { type Guard, identityOf } from "../src/guard.js";
import { requireAccess as inHono } from "../src/hono.js";
import { withAccess as inNext } from "../src/next.js";
import { withAccess as inNode } from "../src/node.js";
import { anIssuer, type Issuer } from "./an-issuer.js";

// The real frameworks are met where the package is installed (tests/guide/guard.guide.ts). Here is what
// they do when something goes wrong.

let issuer: Issuer;
let guard: Guard;
let headers: Record<string, string>;
beforeEach(async () => {
  issuer = await anIssuer();
  guard = issuer.guard({ client: { id: "a", secret: "b" }, decisions: {} });
  headers = { authorization: `Bearer ${await issuer.token()}` };
});

const URL_OF_ORDERS = "https://orders.example.com/orders";
const aSpy = () => vi.fn<(...given: unknown[]) => void>();
const broken = () => Promise.reject(new Error("no such order"));

/** Sends one request through every adapter; says whether its handler was reached, and what else came. */
async function throughEach(
  sent: Record<string, string | string[]>,
  requirement: { decision?: () => Promise<never> } = {},
): Promise<Record<string, string>> {
  const request = () => ({ method: "GET", url: "/orders", originalUrl: "/orders", headers: sent });
  const web = () =>
    new Request(URL_OF_ORDERS, {
      headers: Object.entries(sent).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      ),
    });
  const reached = (who: object): string => `reached by ${identityOf(who).subject}`;
  const ways: Record<string, () => Promise<string>> = {
    async express() {
      const [asked, answer] = [request(), { statusCode: 200, setHeader: aSpy(), end: aSpy() }];
      const next = vi.fn<(error?: unknown) => void>();
      await inExpress(guard, requirement)(asked, answer, next);
      const [error] = next.mock.calls[0] ?? [];
      if (error !== undefined) throw error as Error;
      expect(next.mock.calls.length + answer.end.mock.calls.length).toBe(1);
      return next.mock.calls.length > 0 ? reached(asked) : String(answer.statusCode);
    },
    async fastify() {
      const asked = request();
      const reply = { code: aSpy(), headers: aSpy(), send: aSpy() };
      const sentReply = await inFastify(guard, requirement)(asked, reply);
      expect(sentReply).toBe(reply.send.mock.calls.length > 0 ? reply : undefined);
      return sentReply === undefined ? reached(asked) : String(reply.code.mock.calls[0]?.[0]);
    },
    async hono() {
      const context = { req: { raw: web() } };
      const next = vi.fn<() => Promise<void>>(async () => {});
      const answer = await inHono(guard, requirement)(context, next);
      expect(next).toHaveBeenCalledTimes(answer === undefined ? 1 : 0);
      return answer === undefined ? reached(context) : String(answer.status);
    },
    async next() {
      const handler = inNext(guard, requirement, (_, { subject }) => new Response(subject));
      const answer = await handler(web(), {});
      return answer.status === 200 ? `reached by ${await answer.text()}` : String(answer.status);
    },
    async node() {
      const answer = { statusCode: 200, setHeader: aSpy(), end: vi.fn<(body: string) => void>() };
      const handler = inNode(guard, requirement, (_, response, { subject }) =>
        response.end(`reached by ${subject}`),
      );
      await handler(request(), answer);
      expect(answer.end).toHaveBeenCalledTimes(1);
      const [body = ""] = answer.end.mock.calls[0] ?? [];
      return answer.statusCode === 200 ? body : String(answer.statusCode);
    },
  };
  const entries = Object.entries(ways).map(async ([name, way]) => [
    name,
    await way().catch((error: Error) => `failed: ${error.message}`),
  ]);
  return Object.fromEntries((await Promise.all(entries)) as [string, string][]);
}

const all = (outcome: string) =>
  Object.fromEntries(["express", "fastify", "hono", "next", "node"].map((name) => [name, outcome]));

describe("in every framework", () => {
  test("who may is let through once, and is known behind the guard", async () => {
    expect(await throughEach(headers)).toEqual(all("reached by ada"));
  });

  test("who may not is answered once, and no handler is reached", async () => {
    expect(await throughEach({})).toEqual(all("401"));
  });

  test("a header that comes twice is none", async () => {
    const { authorization = "" } = headers;
    expect(await throughEach({ authorization: [authorization, authorization] })).toEqual(
      all("401"),
    );
  });

  test("an outage is 503", async () => {
    issuer.answers["/oidc/jwks"] = () => Promise.reject(new TypeError("fetch failed"));
    expect(await throughEach(headers)).toEqual(all("503"));
  });

  test("what a question throws is an error of the service's, and lets nobody in", async () => {
    expect(await throughEach(headers, { decision: broken })).toEqual(all("failed: no such order"));
  });
});

test("without the guard nobody is known, whatever was sent", () => {
  const request = { headers, identity: { subject: "ada" } };
  expect(() => identityOf(request)).toThrow("the guard does not stand before this handler");
});
