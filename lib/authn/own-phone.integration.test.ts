import { beforeAll, beforeEach, expect, test } from "vitest";
import { enrolPhone, forgetPhone, startPhone } from "@/lib/authn/own-phone";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { smsCodeFactor } from "@/lib/credentials/sms-code/sms-code-factor";
import { DEFAULT_SIGN_IN_RULES } from "@/lib/organizations/sign-in-rules.schema";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AAL1, AAL2 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { anInstance, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aFlow, aNumber, anAddress, aPhone, aTotp } from "@/tests/support/factors";
import { codeTextedTo, mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

beforeEach(async () => {
  await prisma().signInPolicy.deleteMany();
});

const aCallerFrom = async (cookie: string): Promise<Caller> => ({
  ...(await callerWith(cookie)),
  request: aRequest({ ip: anAddress() }),
});

const someone = async () => {
  const user = await aUser();
  return { user, caller: await aCallerFrom(await aSession(user.id)) };
};

const forbidSms = async ({ principal }: Caller) =>
  prisma().signInPolicy.create({
    data: {
      ...DEFAULT_SIGN_IN_RULES,
      organizationId: principal.organizationId,
      smsAllowed: false,
    },
  });

const other = (code: string): string => (code === "000000" ? "000001" : "000000");

test("a number is in use after its first code, and its owner is told (F5)", async () => {
  const { user, caller } = await someone();
  const number = aNumber();
  expect(await startPhone(caller, number)).toEqual({ outcome: "asked" });
  expect(await listEnrolledFactors(user.id)).not.toContain("sms-code");
  const result = await enrolPhone(caller, await codeTextedTo(number));
  expect(result).toMatchObject({ outcome: "changed", ticket: expect.any(String) });
  expect(await listEnrolledFactors(user.id)).toContain("sms-code");
  expect((await mailsTo(user.email)).at(-1)?.subject).toBe("A telephone number was added");
  const action = "factor.added";
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action, actorId: user.id },
  });
  expect(event.after).toEqual({ factor: "sms-code", label: `ending in ${number.slice(-2)}` });
  expect(await forgetPhone({ ...caller, principal: { ...caller.principal } })).toMatchObject({
    outcome: "changed",
  });
  expect(await listEnrolledFactors(user.id)).not.toContain("sms-code");
});

test("of fifty that give the first code at once one adds the number (DEC-1)", async () => {
  const { user, caller } = await someone();
  const number = aNumber();
  await startPhone(caller, number);
  const code = await codeTextedTo(number);
  const results = await race(50, () => enrolPhone(caller, code));
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  const added = { action: "factor.added", actorId: user.id };
  expect(await prisma().auditEvent.count({ where: added })).toBe(1);
});

test("five wrong codes are all that a flow gets, whatever new codes it asks for (NIST-10)", async () => {
  const user = await aUser();
  const number = await aPhone(user.id);
  const subject = {
    flowId: await aFlow(),
    userId: user.id,
    email: user.email,
    place: "second",
  } as const;
  const request = aRequest({ ip: anAddress() });
  const send = async () => {
    expect(await smsCodeFactor.prompt?.(subject, request)).toEqual({ outcome: "asked" });
    return codeTextedTo(number);
  };
  const guess = (code: string) => smsCodeFactor.verify(subject, { code }, request);
  let code = await send();
  for (let count = 0; count < 3; count += 1) {
    expect(await guess(other(code))).toMatchObject({ reason: "wrong" });
  }
  const former = code;
  code = await send();
  if (former !== code) expect(await guess(former)).toMatchObject({ reason: "wrong" });
  else await guess(other(code));
  expect(await guess(other(code))).toMatchObject({ reason: "wrong" });
  expect(await guess(code)).toMatchObject({ reason: "spent" });
  expect(await guess(await send())).toMatchObject({ reason: "spent" });
});

test("a code is bound to its flow and its number", async () => {
  const user = await aUser();
  const number = await aPhone(user.id);
  const [flowId, otherFlow] = [await aFlow(), await aFlow()];
  const subject = { flowId, userId: user.id, email: user.email, place: "second" } as const;
  const request = aRequest({ ip: anAddress() });
  await smsCodeFactor.prompt?.(subject, request);
  const code = await codeTextedTo(number);
  const elsewhere = await smsCodeFactor.verify(
    { ...subject, flowId: otherFlow },
    { code },
    request,
  );
  expect(elsewhere.outcome).toBe("rejected");
  const where = { userId: user.id };
  await prisma().phoneCredential.update({ where, data: { number: aNumber() } });
  expect((await smsCodeFactor.verify(subject, { code }, request)).outcome).toBe("rejected");
  await prisma().phoneCredential.update({ where, data: { number } });
  expect((await smsCodeFactor.verify(subject, { code }, request)).outcome).toBe("passed");
});

test("a code is in the language that its reader has set, else in that of the request (F134)", async () => {
  const user = await aUser();
  const number = await aPhone(user.id);
  const lastTo = async (locale?: "de" | "fr") => {
    const subject = { flowId: await aFlow(), userId: user.id, email: user.email } as const;
    const request = { ...aRequest({ ip: anAddress() }), ...(locale && { locale }) };
    await smsCodeFactor.prompt?.({ ...subject, place: "second" }, request);
    const text = (await mailsTo(number)).at(-1)?.text ?? "";
    // The line by which a phone knows the site is for no reader (WICG, origin-bound codes).
    expect(text).toMatch(/^(\d{6}) [^\n]+\n\n@\S+ #\1$/);
    return text;
  };
  expect(await lastTo()).toContain("is your code");
  expect(await lastTo("de")).toContain("ist Ihr Code");
  await prisma().user.update({ where: { id: user.id }, data: { locale: "ar" } });
  expect(await lastTo("fr")).toContain("هو رمزكم");
});

test("whoever adds somebody else's number over and over keeps its owner from nothing (ATK-35)", async () => {
  const owner = await aUser();
  const number = await aPhone(owner.id);
  const { caller } = await someone();
  const outcomes = [];
  for (let count = 0; count < 6; count += 1) {
    outcomes.push((await startPhone(caller, number)).outcome);
  }
  expect(outcomes.at(-1)).toBe("limited");
  const subject = {
    flowId: await aFlow(),
    userId: owner.id,
    email: owner.email,
    place: "second",
  } as const;
  const sent = await smsCodeFactor.prompt?.(subject, aRequest({ ip: anAddress() }));
  expect(sent).toEqual({ outcome: "asked" });
});

test("a message is not sent once its code has expired", async () => {
  const { caller } = await someone();
  const number = aNumber();
  await startPhone(caller, number);
  const [message] = await mailsTo(number);
  const lifetime = (message?.expiresAt?.getTime() ?? 0) - (message?.createdAt.getTime() ?? 0);
  expect(lifetime).toBe(600_000);
  expect(message).toMatchObject({ channel: "sms", html: "" });
  expect(message?.text.length).toBeLessThanOrEqual(160);
});

test("where it does not count it cannot be added, and makes no session AAL2 (NIST SP 800-63B-4)", async () => {
  const user = await aUser();
  const cookie = await aSession(user.id);
  await aPhone(user.id);
  const where = { userId: user.id };
  await prisma().session.updateMany({ where, data: { acr: AAL2, amr: ["pwd", "sms", "mfa"] } });
  const before = await aCallerFrom(cookie);
  expect(before.principal).toMatchObject({ secondFactorEnrolled: true, session: { acr: AAL2 } });
  await forbidSms(before);
  const after = await findPrincipal(cookie);
  expect(after).toMatchObject({ secondFactorEnrolled: false, session: { acr: AAL1 } });
  expect(await startPhone(await aCallerFrom(cookie), aNumber())).toEqual({
    outcome: "unavailable",
  });
  await aTotp(user.id);
  await prisma().session.updateMany({ where, data: { amr: ["pwd", "sms", "otp", "mfa"] } });
  expect(await findPrincipal(cookie)).toMatchObject({
    secondFactorEnrolled: true,
    session: { acr: AAL2 },
  });
});
