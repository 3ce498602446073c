import { afterEach, expect, test, vi } from "vitest";
import { discover } from "@/lib/federation/discovery";
import { newId } from "@/lib/platform/id";

vi.mock("@/lib/platform/log", () => ({ log: { warn: () => {} } }));

afterEach(() => vi.unstubAllGlobals());

/** Each its own: what an issuer says of itself is remembered. */
const anIssuer = (protocol = "https") => `${protocol}://${newId()}.example`;

const saying = (answer: unknown, status = 200) => {
  const fetched = vi.fn<typeof fetch>(async () => Response.json(answer, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
};

const metadataOf = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/jwks`,
  end_session_endpoint: `${issuer}/logout`,
});

test("what an issuer says of itself is asked for once an hour, without following redirects", async () => {
  const issuer = anIssuer();
  const fetched = saying({ ...metadataOf(issuer), other: "ignored" });
  expect(await discover({ issuer, ask: fetch })).toEqual(metadataOf(issuer));
  expect(await discover({ issuer, ask: fetch })).toEqual(metadataOf(issuer));
  expect(fetched).toHaveBeenCalledTimes(1);
  const [url, options] = fetched.mock.calls[0] ?? [];
  expect(url).toBe(`${issuer}/.well-known/openid-configuration`);
  expect(options?.redirect).toBe("error");
});

test("a slash at the end makes no other issuer", async () => {
  const issuer = anIssuer();
  saying({ ...metadataOf(issuer), issuer: `${issuer}/` });
  expect((await discover({ issuer, ask: fetch }))?.issuer).toBe(`${issuer}/`);
});

test("a provider without a sign-out of its own is one", async () => {
  const issuer = anIssuer();
  saying({ issuer, jwks_uri: `${issuer}/jwks` });
  expect(await discover({ issuer, ask: fetch })).toEqual({ issuer, jwks_uri: `${issuer}/jwks` });
});

test.each<[string, object]>([
  ["another issuer", { issuer: "https://elsewhere.example" }],
  ["no keys", { jwks_uri: undefined }],
  ["keys that anybody on the way can replace", { jwks_uri: "http://keys.example/jwks" }],
  ["a sign-out that anybody on the way can read", { end_session_endpoint: "http://a.example/" }],
  ["a sign-out that is a script (ATK-13)", { end_session_endpoint: "javascript:alert(1)" }],
  ["a sign-out that is a file", { end_session_endpoint: "file:///etc/passwd" }],
])("an issuer that names %s is not believed", async (_what, wrong) => {
  const issuer = anIssuer();
  saying({ ...metadataOf(issuer), ...wrong });
  expect(await discover({ issuer, ask: fetch })).toBeNull();
});

test("an issuer that fails is left alone for a minute, and asked again after it", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const issuer = anIssuer();
  const failing = saying({}, 500);
  expect(await discover({ issuer, ask: fetch })).toBeNull();
  expect(await discover({ issuer, ask: fetch })).toBeNull();
  expect(failing).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() + 61_000);
  saying(metadataOf(issuer));
  expect(await discover({ issuer, ask: fetch })).toEqual(metadataOf(issuer));
  vi.useRealTimers();
});
