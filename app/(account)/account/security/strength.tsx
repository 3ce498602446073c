import { useTranslations } from "#translations";
import { Callout, type CalloutTone } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import {
  type AccountFactors,
  judgeAccount,
  type NextStep,
} from "@/lib/credentials/account-strength";

/** Where on the page the next step is, and what the link there says. */
const STEPS = {
  "add-passkey": { href: "#passkeys", go: "addPasskey" },
  "make-recovery-codes": { href: "#recovery-codes", go: "makeCodes" },
  "renew-recovery-codes": { href: "#recovery-codes", go: "newCodes" },
  "outgrow-text-messages": { href: "#passkeys", go: "addPasskey" },
  "leave-text-messages": { href: "#text-messages", go: "lookAtMessages" },
} as const satisfies Record<NextStep, { href: string; go: string }>;

/** What to do next, and why: with one lock only it is the lock that is said first, and the colour is another. */
function stepOf({ enrolled }: AccountFactors, hasOneLock: boolean, next: NextStep) {
  const tone: CalloutTone = hasOneLock ? "warning" : "info";
  if (!hasOneLock) return { tone, why: next, ...STEPS[next] };
  // Of whoever has no password the provider's account is the lock.
  const why = enrolled.includes("password") ? "first" : "withoutPassword";
  return { tone, why, ...STEPS["add-passkey"] } as const;
}

/** How strong the account is, in words, and the one thing that would help most (F26). */
export function Strength(factors: AccountFactors) {
  const t = useTranslations("account-security.strength");
  const { strength, next } = judgeAccount(factors);
  const title = t(`titles.${strength}`);
  if (next === null) {
    return (
      <Callout tone="success" title={title}>
        <p>{t("done")}</p>
      </Callout>
    );
  }
  const { tone, why, href, go } = stepOf(factors, strength === "one-lock", next);
  return (
    <Callout tone={tone} title={title} action={<TextLink href={href}>{t(go)}</TextLink>}>
      <p>{t(`why.${why}`)}</p>
    </Callout>
  );
}
