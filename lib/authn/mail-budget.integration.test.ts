import { beforeAll, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { requestEmailChange } from "@/lib/authn/change-email";
import { register } from "@/lib/authn/register";
import { requestPasswordReset } from "@/lib/authn/reset-password";
import { sendSignInLink } from "@/lib/authn/send-sign-in-link";
import { beginSignIn, beginStepUp } from "@/lib/authn/sign-in-flow";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { aCaller, anInstance, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

let network = 0;
const fromElsewhere = () => {
  network += 1;
  return aRequest({ ip: `10.88.${network >> 8}.${network & 255}` });
};

const askFor = async (email: string, via: "code" | "link", deviceSecret?: string) => {
  const browser = { flowSecret: await beginSignIn(email, "/"), deviceSecret };
  return (await promptFactor(browser, "email-code", fromElsewhere(), via)).outcome;
};

/** Whatever a stranger can have mailed to an address. */
async function bomb(email: string, times: number): Promise<void> {
  const stranger = await aCaller();
  const password = "violet teapot under gravel";
  await race(times, async (index) => {
    const ask = [
      () => requestPasswordReset(email, fromElsewhere()),
      () => register({ email, name: null, password, browserSecret: null }, fromElsewhere()),
      () => askFor(email, "code"),
      () => askFor(email, "link"),
      () => requestEmailChange({ ...stranger, request: fromElsewhere() }, email),
    ][index % 5];
    await ask?.();
  });
}

/** An hour later: only what is counted by the day is still there. */
const waitAnHour = () =>
  prisma().rateLimit.deleteMany({
    where: { OR: [{ key: { startsWith: "mail-recipient:" } }, { key: { startsWith: "email-" } }] },
  });

test("100 requests of 100 networks mail one address five times, by all ways together (F120)", async () => {
  const user = await aUser();
  await bomb(user.email, 100);
  expect(await mailsTo(user.email)).toHaveLength(5);
  for (let hour = 0; hour < 6; hour += 1) {
    await waitAnHour();
    await bomb(user.email, 20);
  }
  expect(await mailsTo(user.email)).toHaveLength(20);
});

test("an address that nobody has is bombed no more than another (F120)", async () => {
  await bomb("nobody-at-all@example.com", 50);
  expect(await mailsTo("nobody-at-all@example.com")).toHaveLength(5);
});

test("a stranger who uses up the public budget keeps no mail from a known device (F120, F118)", async () => {
  const user = await aUser();
  const deviceSecret = newSecret();
  await prisma().device.create({ data: { userId: user.id, tokenHash: hashSecret(deviceSecret) } });
  await bomb(user.email, 20);
  expect(await askFor(user.email, "code")).toBe("limited");
  const before = (await mailsTo(user.email)).length;
  expect(await askFor(user.email, "code", deviceSecret)).toBe("asked");
  await requestPasswordReset(user.email, fromElsewhere(), deviceSecret);
  expect(await mailsTo(user.email)).toHaveLength(before + 2);
  const asked = await race(10, () => askFor(user.email, "code", deviceSecret));
  expect(asked.filter((outcome) => outcome === "asked")).toHaveLength(3);
});

test("the device of somebody else opens no budget", async () => {
  const [user, other] = [await aUser(), await aUser()];
  const deviceSecret = newSecret();
  await prisma().device.create({ data: { userId: other.id, tokenHash: hashSecret(deviceSecret) } });
  await bomb(user.email, 20);
  expect(await askFor(user.email, "code", deviceSecret)).toBe("limited");
});

test("a stranger keeps no code from whoever is signed in, nor a link from an administrator (F120)", async () => {
  const user = await aUser();
  await bomb(user.email, 20);
  const caller = await callerOf(user.id);
  const browser = {
    flowSecret: await beginStepUp(caller, "/"),
    deviceSecret: undefined,
    sessionId: caller.principal.session.id,
  };
  expect((await promptFactor(browser, "email-code", fromElsewhere())).outcome).toBe("asked");
  const code = /\b\d{6}\b/.exec((await mailsTo(user.email)).at(-1)?.text ?? "")?.[0] ?? "";
  const answer = await attemptFactor(
    browser,
    "email-code",
    { code },
    { trustDevice: false },
    fromElsewhere(),
  );
  expect(answer.outcome).toBe("authenticated");
  const administrator = await aCaller({ roles: ["Admin"] });
  expect((await sendSignInLink(administrator, user.id)).outcome).toBe("sent");
});
