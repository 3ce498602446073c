import { attemptFactor, type Browser, promptFactor } from "@/lib/authn/attempt-factor";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import type { RequestFacts } from "@/lib/shared/caller";
import { aRequest } from "@/tests/support/builders";

/** The challenge that this browser is asked now. */
export async function askPasskey(browser: Browser): Promise<{ challenge: string }> {
  const asked = await promptFactor(browser, "passkey", aRequest());
  if (asked.outcome !== "asked") throw new Error(asked.outcome);
  return { challenge: String(asked.options?.["challenge"]) };
}

/** A browser that has begun to sign in without saying as whom. */
export async function aNamelessSignIn(): Promise<Browser & { challenge: string }> {
  const browser = { flowSecret: await beginSignIn(null, "/"), deviceSecret: undefined };
  return { ...browser, ...(await askPasskey(browser)) };
}

export const answerWithPasskey = (
  browser: Browser,
  response: string,
  request: RequestFacts = aRequest(),
) => attemptFactor(browser, "passkey", { response }, { trustDevice: false }, request);
