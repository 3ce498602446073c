import { Callout, type CalloutTone } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import {
  type AccountFactors,
  type AccountStrength,
  judgeAccount,
  type NextStep,
} from "@/lib/credentials/account-strength";

const TITLES: Record<AccountStrength, string> = {
  "one-lock": "Your account has one lock",
  "two-locks": "Your account has two locks",
  "phishing-resistant": "Your account is very well protected",
};

/** What to do next: why, where on the page, and what the link there says. */
const STEPS: Record<NextStep, { tone: CalloutTone; why: string; href: string; label: string }> = {
  "add-passkey": {
    tone: "info",
    why: "Whoever gets you to type your secrets into a look-alike site is in. A passkey works here and nowhere else.",
    href: "#passkeys",
    label: "Add a passkey",
  },
  "make-recovery-codes": {
    tone: "info",
    why: "There is no spare key: a lost phone would lock you out.",
    href: "#recovery-codes",
    label: "Make recovery codes",
  },
  "renew-recovery-codes": {
    tone: "info",
    why: "Your recovery codes are nearly used up. Make new ones while you can still sign in.",
    href: "#recovery-codes",
    label: "Make new codes",
  },
  "outgrow-text-messages": {
    tone: "info",
    why: "Text messages can be redirected by whoever talks your carrier into it. A passkey cannot.",
    href: "#passkeys",
    label: "Add a passkey",
  },
  "leave-text-messages": {
    tone: "info",
    why: "Text messages are the weaker way in beside your passkeys. You can do without them.",
    href: "#text-messages",
    label: "Look at text messages",
  },
};

/** With one lock only it is the lock that is said first, and the colour is another. */
const FIRST_STEP = {
  ...STEPS["add-passkey"],
  tone: "warning",
  why: "Whoever learns your password, or reads your mail, is in. Add a passkey or an authenticator app.",
} as const;

/** Of whoever has no password: the provider's account is the lock. */
const WITHOUT_PASSWORD =
  "Whoever gets into the account that you sign in with, or reads your mail, is in. Add a passkey or an authenticator app.";

/** How strong the account is, in words, and the one thing that would help most (F26). */
export function Strength(factors: AccountFactors) {
  const { strength, next } = judgeAccount(factors);
  if (next === null) {
    return (
      <Callout tone="success" title={TITLES[strength]}>
        <p>There is nothing left to add.</p>
      </Callout>
    );
  }
  const { tone, href, label, ...step } = strength === "one-lock" ? FIRST_STEP : STEPS[next];
  const hasPassword = factors.enrolled.includes("password");
  const why = strength === "one-lock" && !hasPassword ? WITHOUT_PASSWORD : step.why;
  return (
    <Callout tone={tone} title={TITLES[strength]} action={<TextLink href={href}>{label}</TextLink>}>
      <p>{why}</p>
    </Callout>
  );
}
