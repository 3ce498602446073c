import { beforeAll, describe, expect, test } from "vitest";
import { chooseAnotherAccount } from "@/lib/oidc/choose-account";
import { answerConsent, findInteractionStep } from "@/lib/oidc/interactions";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

// The choice of an account (OpenID Connect Core §3.1.2.1), which a client asks for
// or somebody who is to allow it something.

const send = serveMachinePaths();
let web: { clientId: string; secret: string };
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({ name: "Web", kind: "web", redirectUris: [CALLBACK] });
});

interface Somebody {
  id: string;
  session: string;
}

async function somebody(): Promise<Somebody> {
  const { id } = await aUser();
  return { id, session: await aSession(id) };
}

/** The first step of an authorization request of this browser. */
async function begin(browser: Browser, parameters: Record<string, string>) {
  const pkce = aPkce();
  const begun = await browser.get(authorizationUrl(web.clientId, pkce, parameters));
  const uid = /^\/interaction\/([^/]+)$/.exec(begun.headers.get("location") ?? "")?.[1] ?? "";
  expect(uid).not.toBe("");
  return { uid, verifier: pkce.verifier };
}

/** Who the code of this request is about, once the browser has come from choosing `chosen`. */
async function subjectAfter(
  browser: Browser,
  { uid, verifier }: { uid: string; verifier: string },
  chosen: Somebody,
): Promise<string> {
  browser.use(chosen.session);
  const caller = await callerWith(chosen.session);
  const next = await findInteractionStep(uid, caller, { chosen: true });
  if (next.step !== "go-on") throw new Error(`it asks for ${next.step}`);
  const end = await browser.authorize(`${getConfig().origin}${next.href}`);
  const { body } = await flow.redeem({ code: end.searchParams.get("code") ?? "", verifier });
  const [, claims = ""] = String(body["id_token"]).split(".");
  return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { sub: string }).sub;
}

test("discovery names the prompts that are answered", async () => {
  const answer = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
  expect(await answer.json()).toMatchObject({
    prompt_values_supported: ["none", "select_account", "login", "consent"],
  });
});

describe("prompt=select_account", () => {
  test("shows the accounts to somebody signed in, who can stay who they are", async () => {
    const ada = await somebody();
    const browser = new Browser(send, ada.session);
    const request = await begin(browser, { prompt: "select_account" });
    const caller = await callerWith(ada.session);
    expect(await findInteractionStep(request.uid, caller)).toEqual({ step: "choose-account" });
    expect(await subjectAfter(browser, request, ada)).toBe(ada.id);
  });

  test("goes on for another account of the browser", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const browser = new Browser(send, ada.session);
    const request = await begin(browser, { prompt: "select_account" });
    expect(await subjectAfter(browser, request, bob)).toBe(bob.id);
  });

  test("shows them to nobody signed in, too, and goes on for whoever has signed in then", async () => {
    const bob = await somebody();
    const browser = new Browser(send, null);
    const request = await begin(browser, { prompt: "select_account" });
    expect(await findInteractionStep(request.uid, null)).toEqual({ step: "choose-account" });
    const none = await findInteractionStep(request.uid, null, { chosen: true });
    expect(none).toEqual({ step: "sign-in", email: null });
    expect(await subjectAfter(browser, request, bob)).toBe(bob.id);
  });

  test("proves nothing of who is chosen: login asks them again", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const browser = new Browser(send, ada.session);
    await prisma().session.updateMany({
      where: { userId: bob.id },
      data: { authTime: new Date(Date.now() - 60_000) },
    });
    const { uid } = await begin(browser, { prompt: "select_account login" });
    browser.use(bob.session);
    const next = await findInteractionStep(uid, await callerWith(bob.session), { chosen: true });
    if (next.step !== "go-on") throw new Error(next.step);
    const asked = await browser.get(next.href);
    const again = asked.headers.get("location")?.split("/").at(-1) ?? "";
    const { step } = await findInteractionStep(again, await callerWith(bob.session));
    expect(step).toBe("step-up");
  });

  test("beside none is refused", async () => {
    const end = await new Browser(send, null).authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none select_account" }),
    );
    expect(end.searchParams.get("error")).toBe("invalid_request");
  });

  test("a choice in one browser is worth nothing in another", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const { uid } = await begin(new Browser(send, ada.session), { prompt: "select_account" });
    const next = await findInteractionStep(uid, await callerWith(bob.session), { chosen: true });
    if (next.step !== "go-on") throw new Error(next.step);
    const end = await new Browser(send, bob.session).authorize(`${getConfig().origin}${next.href}`);
    expect(end.pathname).toBe("/answered/400");
  });
});

describe("another account, wished for where an app is to be allowed something", () => {
  test("it is asked what it allows, and the one before allows nothing", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const browser = new Browser(send, ada.session);
    const request = await begin(browser, { scope: "openid email" });
    const caller = await callerWith(ada.session);
    expect((await findInteractionStep(request.uid, caller)).step).toBe("consent");
    expect(await chooseAnotherAccount(caller, request.uid)).toBe(true);
    expect((await answerConsent(caller, request.uid, true)).outcome).toBe("rejected");
    expect(await findInteractionStep(request.uid, caller)).toEqual({ step: "choose-account" });
    expect(await subjectAfter(browser, request, bob)).toBe(bob.id);
  });

  test("nobody else wishes for it, and not after an answer", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const caller = await callerWith(ada.session);
    const { uid } = await begin(new Browser(send, ada.session), {});
    expect(await chooseAnotherAccount(await callerWith(bob.session), uid)).toBe(false);
    expect((await answerConsent(caller, uid, true)).outcome).toBe("answered");
    expect(await chooseAnotherAccount(caller, uid)).toBe(false);
    expect(await chooseAnotherAccount(caller, "no-such-request")).toBe(false);
  });

  test("of fifty answers and wishes at once one counts (DEC-1)", async () => {
    const ada = await somebody();
    const caller = await callerWith(ada.session);
    const { uid } = await begin(new Browser(send, ada.session), {});
    const results = await race(50, async (index) =>
      index % 2 === 0
        ? (await answerConsent(caller, uid, true)).outcome === "answered"
        : chooseAnotherAccount(caller, uid),
    );
    const { step } = await findInteractionStep(uid, caller);
    const answered = results.filter((counts, index) => counts && index % 2 === 0).length;
    expect(answered).toBe(step === "go-on" ? 1 : 0);
  });
});

test.each([
  ["web", "https://app.example/callback", { where: "site", name: "app.example" }],
  ["web", "http://localhost:3300/callback", { where: "device", name: "localhost:3300" }],
  ["native", "http://127.0.0.1:4711/callback", { where: "device", name: "127.0.0.1:4711" }],
  ["native", "com.example.app:/callback", { where: "device", name: "com.example.app" }],
] as const)("a %s app at %s is said to lead there", async (kind, redirectUri, destination) => {
  const client = await aClient({ name: "App", kind, redirectUris: [redirectUri] });
  const ada = await somebody();
  const begun = await new Browser(send, ada.session).get(
    authorizationUrl(client.clientId, aPkce(), { redirect_uri: redirectUri }),
  );
  const uid = begun.headers.get("location")?.split("/").at(-1) ?? "";
  const step = await findInteractionStep(uid, await callerWith(ada.session));
  expect(step).toMatchObject({ step: "consent", destination });
});
