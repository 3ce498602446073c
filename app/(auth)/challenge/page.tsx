import { redirect } from "next/navigation";
import { findChallenge } from "@/app/(auth)/challenge/challenge";
import { challengePath } from "@/app/(auth)/challenge/paths";
import { enrolPath, signInPath } from "@/lib/shared/return-to";

const ADD_PASSKEY_PATH = "/account/security#passkeys";

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Leads to the best factor that the person has. */
export default async function ChallengePage({ searchParams }: Search) {
  const search = await searchParams;
  const isStepUp = search["for"] === "step-up";
  const challenge = await findChallenge(isStepUp, search["returnTo"]);
  if (challenge === null) redirect(signInPath("/dashboard"));
  const { next, returnTo } = challenge;
  if (search["level"] === "2" && !challenge.hasSecondFactor) redirect(enrolPath(returnTo));
  const offers = "offers" in next ? next.offers : [];
  if (search["level"] === "3") {
    const hasKey = offers.includes("passkey");
    redirect(hasKey ? challengePath("passkey", isStepUp, returnTo, true) : ADD_PASSKEY_PATH);
  }
  const [best] = offers;
  redirect(best === undefined ? "/sign-in" : challengePath(best, isStepUp, returnTo));
}
