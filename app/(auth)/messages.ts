import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { PasswordRefusal } from "@/lib/credentials/password/judge-password";
import type { IdentityRejection } from "@/lib/federation/sign-in-with-identity";
import type { Translator } from "@/lib/platform/locale/translator";
import { type FormState, fieldError, formError, type WorkChallenge } from "@/lib/shared/form-state";

type Answer = Parameters<Translator<"auth.answers">>[0];

/** Nothing was done, for a reason that `auth.answers` has words for; in one field where it is named. */
export async function refused(answer: Answer, field?: string): Promise<FormState> {
  const message = (await getTranslations("auth.answers"))(answer);
  return field === undefined ? formError(message) : fieldError(field, message);
}

/** "in 30 seconds", "in 5 minutes": what people are told to wait. */
export async function tooMany(retryAfterSeconds: number): Promise<FormState> {
  const t = await getTranslations("auth.answers");
  return formError(
    retryAfterSeconds < 60
      ? t("tooManySeconds", { count: retryAfterSeconds })
      : t("tooManyMinutes", { count: Math.ceil(retryAfterSeconds / 60) }),
  );
}

/** The browser has to work before the attempt counts; what is said is for one that cannot. */
export async function workFirst(
  challenge: WorkChallenge,
  what: "sign-in" | "sign-up",
): Promise<FormState> {
  const t = await getTranslations("auth.answers.workBefore");
  return { status: "challenge", challenge, message: t(what) };
}

export const passwordRefused = (
  reason: PasswordRefusal | "reused",
  field = "password",
): Promise<FormState> => refused(`password.${reason}`, field);

const FEDERATION_PROBLEMS: readonly IdentityRejection[] = [
  "account-exists",
  "domain-not-allowed",
  "email-unverified",
  "provider-off",
  "sign-up-closed",
  "user-disabled",
];

/** What the sign-in page says of a federated sign-in that came back without success. */
export async function federationProblem(reason: unknown): Promise<string | null> {
  if (typeof reason !== "string") return null;
  const t = await getTranslations("auth.federation");
  return t(FEDERATION_PROBLEMS.find((known) => known === reason) ?? "other");
}
