import { beforeEach, describe, expect, test } from "vitest";
import { forgeriesOf } from "@/tests/support/jwt-forgeries";
import { AUDIENCE, anIssuer, type Issuer, request } from "./an-issuer.js";

let issuer: Issuer;
beforeEach(async () => {
  issuer = await anIssuer();
});

const guard = (more = {}) =>
  issuer.guard({ assertions: { audience: AUDIENCE }, publicUrl: undefined, ...more });
const asserted = (assertion: string) => request({ "gatehouse-assertion": assertion });
const refused = { outcome: "refused", status: 401, code: "invalid_token" };

describe("an assertion of the gateway", () => {
  test("says who asks, where they act, and what was checked", async () => {
    const verdict = await guard().authenticate(asserted(await issuer.assertion()));
    expect(verdict).toMatchObject({
      outcome: "allowed",
      identity: {
        by: "assertion",
        subject: "ada",
        kind: "user",
        organization: "acme",
        permission: "view_order",
        means: "session",
        acr: "urn:gatehouse:aal2",
        requestId: "request-1",
      },
    });
  });

  test("names a service, and who acts as a user", async () => {
    const service = await issuer.assertion({ sub: "cron", means: "service" });
    expect(await guard().authenticate(asserted(service))).toMatchObject({
      identity: { kind: "service" },
    });
    const acted = await issuer.assertion({ act: { sub: "helpdesk" } });
    expect(await guard().authenticate(asserted(acted))).toMatchObject({
      identity: { subject: "ada", actor: { sub: "helpdesk" } },
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["for another service", { aud: "https://billing.example.com" }, {}],
    ["of another issuer", { iss: "https://id.example.com" }, {}],
    ["that is an access token", { client_id: "shop" }, { typ: "at+jwt" }],
    ["of no type", {}, { typ: undefined }],
    ["for another method", { htm: "POST" }, {}],
    ["for another path", { htu: `${AUDIENCE}/orders/7` }, {}],
    ["for no address", { htu: undefined }, {}],
    ["for an address that is none", { htu: "orders" }, {}],
    ["without an end", { exp: undefined }, {}],
    ["without a beginning", { iat: undefined }, {}],
    ["of nobody", { sub: undefined }, {}],
  ])("%s is refused", async (_, claims, header) => {
    const assertion = await issuer.assertion(claims, header);
    expect(await guard().authenticate(asserted(assertion))).toMatchObject(refused);
  });

  test("is good for a minute, whatever end it names", async () => {
    const long = await issuer.assertion({ exp: issuer.time / 1000 + 86_400 });
    const own = guard();
    issuer.later(65_000);
    expect(await own.authenticate(asserted(long))).toMatchObject({ outcome: "allowed" });
    issuer.later(1_000);
    expect(await own.authenticate(asserted(long))).toMatchObject(refused);
  });

  test("is refused in every form that nobody has signed (ATK-22)", async () => {
    const own = guard();
    const token = await issuer.assertion();
    for (const { name, token: forged } of await forgeriesOf({ token, key: issuer.key.publicJwk })) {
      expect(await own.authenticate(asserted(forged)), name).toMatchObject(refused);
    }
    expect(await own.authenticate(asserted(token))).toMatchObject({ outcome: "allowed" });
  });

  test.each([
    "/orders/",
    "//orders",
    "/x/../orders",
    "/./orders",
    "/%6frders",
    "/ORDERS",
    "/orders;x",
    "http://evil.example/orders/",
    "*",
    "",
  ])("is not for an address that only looks alike when it is made tidy: %s", async (path) => {
    const sent = { ...asserted(await issuer.assertion()), path };
    for (const publicUrl of [undefined, AUDIENCE]) {
      expect(await guard({ publicUrl }).authenticate(sent)).toMatchObject(refused);
    }
  });

  test("is for an address of which this service knows its own part", async () => {
    const own = guard({ publicUrl: "https://Example.com:443/shop/" });
    const theirs = await issuer.assertion();
    expect(await own.authenticate(asserted(theirs))).toMatchObject(refused);
    const elsewhere = await issuer.assertion({ htu: "https://evil.example/shop/orders" });
    expect(await own.authenticate(asserted(elsewhere))).toMatchObject(refused);
    const ours = await issuer.assertion({ htu: "https://example.com/shop/orders" });
    const path = "/orders?of=ada";
    expect(await own.authenticate({ ...asserted(ours), path })).toMatchObject({
      outcome: "allowed",
    });
  });
});

describe("of an assertion and a token", () => {
  test("the assertion alone counts, good or bad", async () => {
    const authorization = `Bearer ${await issuer.token({ sub: "bob" })}`;
    const good = request({ authorization, "gatehouse-assertion": await issuer.assertion() });
    expect(await guard().authenticate(good)).toMatchObject({ identity: { subject: "ada" } });
    const bad = request({ authorization, "gatehouse-assertion": "a.b.c" });
    expect(await guard().authenticate(bad)).toMatchObject(refused);
  });

  test("the token counts where no assertions are taken, and nothing where no tokens are", async () => {
    const authorization = `Bearer ${await issuer.token({ sub: "bob" })}`;
    const both = request({ authorization, "gatehouse-assertion": await issuer.assertion() });
    expect(await issuer.guard().authenticate(both)).toMatchObject({ identity: { subject: "bob" } });
    const behind = guard({ accessTokens: undefined });
    expect(await behind.authenticate(request({ authorization }))).toMatchObject({
      status: 401,
      code: "credentials_missing",
    });
  });

  test("neither is taken in the place of the other", async () => {
    const [token, assertion] = [await issuer.token(), await issuer.assertion()];
    expect(await guard().authenticate(asserted(token))).toMatchObject(refused);
    const sent = request({ authorization: `Bearer ${assertion}` });
    expect(await guard().authenticate(sent)).toMatchObject(refused);
  });
});
