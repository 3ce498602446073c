import "server-only";
import * as oauth from "oauth4webapi";
import type { ConnectionTerms } from "@/lib/federation/connections";
import {
  ASK,
  clientAuthOf,
  expectationsOf,
  type Proofs,
  type Target,
} from "@/lib/federation/doctor/ask-provider";
import { problemOf } from "@/lib/federation/doctor/problem-of";
import { failed, passed, shorten, type TestStep, warned } from "@/lib/federation/doctor/test-step";
import { judgeAddress } from "@/lib/federation/judge-address";
import { verifiedClaimOf } from "@/lib/federation/verified-claim";
import { canonicalEmail } from "@/lib/shared/email.schema";

export interface Judgement {
  steps: TestStep[];
  /** What the provider says of whoever signed in there. */
  claims: { idToken?: Record<string, unknown>; userinfo?: Record<string, unknown> };
}

const CLOCK_TOLERANCE_SECONDS = 60;

/** Thrown after the step that failed is noted. */
class Stopped extends Error {}

/**
 * Goes on from the provider's answer as a sign-in would, one step after the
 * other, and stops at the first that fails. It redeems the code and signs
 * nobody in.
 */
export async function judgeAnswer(
  metadata: oauth.AuthorizationServer,
  target: Target,
  answer: URLSearchParams,
  proofs: Proofs,
  terms: Pick<ConnectionTerms, "domains" | "organizationId">,
): Promise<Judgement> {
  const judgement: Judgement = { steps: [], claims: {} };
  const { steps, claims } = judgement;
  const client: oauth.Client = { client_id: target.clientId };
  const take = async <T>(step: TestStep["step"], work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      steps.push(problemOf(step, error, expectationsOf(target, metadata)));
      throw new Stopped();
    }
  };
  try {
    const params = await take("callback", () =>
      oauth.validateAuthResponse(metadata, client, answer, proofs.state),
    );
    const iss = answer.get("iss");
    steps.push(passed("callback", iss === null ? {} : { iss: shorten(iss) }));

    const { tokens, response } = await take("token", async () => {
      const asked = await oauth.authorizationCodeGrantRequest(
        metadata,
        client,
        clientAuthOf(target),
        params,
        target.callback,
        proofs.verifier,
        ASK,
      );
      const expected = { expectedNonce: proofs.nonce, requireIdToken: true };
      const processed = await oauth.processAuthorizationCodeResponse(
        metadata,
        { ...client, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
        asked,
        expected,
      );
      return { tokens: processed, response: asked };
    });
    const idToken = oauth.getValidatedIdTokenClaims(tokens);
    if (idToken === undefined) throw new Error("a token without claims was accepted");
    claims.idToken = { ...idToken };
    steps.push(passed("token", { issuer: idToken.iss, subject: shorten(idToken.sub) }));
    const aheadSeconds = idToken.iat - Date.now() / 1_000;
    if (aheadSeconds > CLOCK_TOLERANCE_SECONDS) {
      steps.push(warned("token", "clock", { ahead: `${Math.round(aheadSeconds)} s` }));
    }

    try {
      await oauth.validateApplicationLevelSignature(metadata, response, ASK);
      steps.push(passed("signature"));
    } catch (error) {
      // A sign-in takes the token from the provider itself, and needs none (OIDC Core §3.1.3.7).
      const step = problemOf("signature", error, expectationsOf(target, metadata));
      steps.push({ ...step, outcome: "warning" });
    }

    const userinfo = await take("userinfo", async () =>
      oauth.processUserInfoResponse(
        metadata,
        client,
        idToken.sub,
        await oauth.userInfoRequest(metadata, client, tokens.access_token, ASK),
      ),
    );
    claims.userinfo = { ...userinfo };
    steps.push(passed("userinfo"), await judgeAccount(userinfo, terms));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return judgement;
}

/** Whether somebody new with these claims would get an account, by the rules of a sign-in. */
async function judgeAccount(
  { email, email_verified: verified }: oauth.UserInfoResponse,
  terms: Pick<ConnectionTerms, "domains" | "organizationId">,
): Promise<TestStep> {
  const address = typeof email === "string" ? canonicalEmail(email) : null;
  if (address === null) return failed("account", "email-missing");
  const verdict = await judgeAddress(address, verifiedClaimOf(verified), terms);
  return verdict === "counts"
    ? passed("account", { email: address })
    : failed("account", verdict, address);
}
