import type { LookupAddress } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { OutboundRefused } from "@/lib/platform/http/outbound-address";
import {
  type Lookup,
  OutboundTooLarge,
  outboundFetchWith,
} from "@/lib/platform/http/outbound-fetch";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on this machine that must not, or may, be reached. */
async function serve(answer: RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    answer(request, response);
  });
  servers.push(server);
  server.on("connection", () => seen.push("connection"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

/** Names that resolve to whatever comes next. */
function names(...answers: string[][]): Lookup {
  return (_name, _options, done) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    done(
      null,
      addresses.map(
        (address): LookupAddress => ({
          address,
          family: address.includes(":") ? 6 : 4,
        }),
      ),
    );
  };
}

const listed = (port: number, lookup: Lookup = names(["127.0.0.1"])) =>
  outboundFetchWith(() => ({ allowedHosts: [`127.0.0.1:${port}`], loopback: true }), lookup);
const strict = (lookup: Lookup) =>
  outboundFetchWith(() => ({ allowedHosts: [], loopback: true }), lookup);

test.each([
  [["127.0.0.1"]],
  [["::1"]],
  [["169.254.169.254"]],
  [["::ffff:127.0.0.1"]],
  [["93.184.216.34", "127.0.0.1"]],
  [[]],
])("a name that resolves to %j is not connected to (ATK-62)", async (addresses) => {
  const { port, seen } = await serve((_request, response) => response.end("secret"));
  const ask = strict(names(addresses))(`https://idp.example.com:${port}/`);
  await expect(ask).rejects.toBeInstanceOf(OutboundRefused);
  expect(seen).toEqual([]);
});

test("the answer that is judged is the one that is connected to, at each request (DNS rebinding, ATK-62)", async () => {
  const { port, seen } = await serve((_request, response) => response.end("secret"));
  let asked = 0;
  const lookup: Lookup = (_name, _options, done) => {
    asked += 1;
    // The address of a documentation block: judged as not public, like the rebound one.
    done(null, [{ address: asked === 1 ? "192.0.2.1" : "127.0.0.1", family: 4 }]);
  };
  const fetchStrictly = strict(lookup);
  for (const _ of [1, 2]) {
    const ask = fetchStrictly(`https://idp.example.com:${port}/`);
    await expect(ask).rejects.toBeInstanceOf(OutboundRefused);
  }
  expect(asked).toBe(2);
  expect(seen).toEqual([]);
});

test("a redirect is not followed (ATK-62)", async () => {
  const inner = await serve((_request, response) => response.end("secret"));
  const outer = await serve((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end();
  });
  const answer = await listed(outer.port)(`http://127.0.0.1:${outer.port}/`);
  expect(answer.status).toBe(302);
  expect(inner.seen).toEqual([]);
});

test("a listed host is asked, and its answer has method, headers and body", async () => {
  const { port } = await serve((request, response) => {
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ method: request.method, body }));
    });
  });
  const answer = await listed(port)(`http://127.0.0.1:${port}/token`, {
    method: "POST",
    headers: new Headers({ accept: "application/json" }),
    body: new URLSearchParams({ code: "x y" }),
  });
  expect(answer).toBeInstanceOf(Response);
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ method: "POST", body: "code=x+y" });
});

test("an answer that does not end is cut off (ATK-61)", async () => {
  const { port } = await serve((_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(64 * 1_024))) if (response.destroyed) return;
      response.once("drain", more);
    };
    more();
  });
  const ask = listed(port)(`http://127.0.0.1:${port}/`);
  await expect(ask).rejects.toBeInstanceOf(OutboundTooLarge);
});

test("an answer that does not come is waited for no longer than five seconds", async () => {
  const { port } = await serve(() => {});
  const begun = Date.now();
  await expect(listed(port)(`http://127.0.0.1:${port}/`)).rejects.toThrow(/timeout/i);
  expect(Date.now() - begun).toBeLessThan(8_000);
});
