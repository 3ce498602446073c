import { Callout } from "@/components/ui/callout";
import type { FactorKind } from "@/lib/shared/factor";

interface Advice {
  tone: "success" | "warning" | "info";
  title: string;
  next: string;
}

/** How strong an account is by what it has, and the one thing that would help most. */
function adviceFor(enrolled: readonly FactorKind[], recoveryCodes: number): Advice {
  const has = (kind: FactorKind) => enrolled.includes(kind);
  if (!has("passkey") && !has("totp") && !has("sms-code")) {
    return {
      tone: "warning",
      title: "Your account has one lock",
      next: "Whoever learns your password is in. Add a passkey or an authenticator app.",
    };
  }
  if (recoveryCodes === 0) {
    return {
      tone: "info",
      title: "Your account has two locks and no spare key",
      next: "Make recovery codes, so that a lost phone does not lock you out.",
    };
  }
  if (recoveryCodes <= 3) {
    return {
      tone: "info",
      title: `Only ${recoveryCodes} recovery ${recoveryCodes === 1 ? "code is" : "codes are"} left`,
      next: "Make new ones while you can still sign in.",
    };
  }
  if (!has("passkey")) {
    return {
      tone: "success",
      title: "Your account is well protected",
      next: "A passkey would protect it from look-alike sites too.",
    };
  }
  return {
    tone: "success",
    title: "Your account is very well protected",
    next: "There is nothing left to add.",
  };
}

export function Strength(props: { enrolled: readonly FactorKind[]; recoveryCodes: number }) {
  const { tone, title, next } = adviceFor(props.enrolled, props.recoveryCodes);
  return (
    <Callout tone={tone} title={title}>
      <p>{next}</p>
    </Callout>
  );
}
