import "server-only";
import { z } from "zod";
import { publicEndpoint } from "@/app/api/endpoint";
import { challengeRequired, ProblemError, tooManyRequests } from "@/app/api/problems";
import { Proof } from "@/app/api/proof.schema";
import { register } from "@/lib/authn/register";
import { refuseAtGate } from "@/lib/authz/refuse-at-gate";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import { getConfig } from "@/lib/platform/config";
import { jsonReply } from "@/lib/platform/http/reply";
import { Email, PersonName } from "@/lib/shared/email.schema";

const Registration = z.strictObject({
  email: Email,
  password: NewPassword,
  name: PersonName.optional(),
  proof: Proof,
  invitation: z
    .string()
    .max(100)
    .optional()
    .describe("The secret of an invitation, where sign-up is for the invited only."),
});

const REFUSALS = {
  common: "The password is on lists of common passwords.",
  personal: "The password is too close to the name, the address or this site.",
} as const;

export const postRegister = publicEndpoint({
  method: "POST",
  path: "/api/v1/auth/register",
  tag: "Authentication",
  summary: "Start a sign-up; the answer is the same for known and unknown addresses",
  body: Registration,
  responses: {
    202: { description: "A mail is on its way" },
    403: { description: "There are no sign-ups, or a challenge has to be worked on first" },
  },
  run: async ({ body, request }) => {
    const input = { ...body, name: body.name ?? null, browserSecret: null };
    const result = await register(input, request);
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    if (result.outcome === "challenge-required") throw challengeRequired(result.challenge);
    if (result.outcome === "accepted") return jsonReply(202, { status: "accepted" });
    if (result.reason === "sign-up-closed") {
      const gate = { rule: "sign-up", mode: getConfig().signUp, invited: false } as const;
      return refuseAtGate({ principal: null, request }, gate);
    }
    throw new ProblemError({
      status: 422,
      code: "validation_failed",
      title: "The request does not fit",
      errors: [{ path: "password", message: REFUSALS[result.reason] }],
    });
  },
});
