"use client";

import { useEffect, useRef, useState } from "react";
import { usePasswordValue } from "@/components/form/password-field";
import { StrengthMeter, type StrengthScore } from "@/components/ui/strength-meter";
import { isPersonal } from "@/lib/shared/personal-password";

type Judge = (password: string) => { score: StrengthScore; advice: string | undefined };

let loading: Promise<Judge> | undefined;

/** The word lists are large: they are loaded when somebody starts to type, and once. */
async function loadJudge(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  return (password) => {
    const { score, feedback } = zxcvbn.check(password.slice(0, 100));
    return {
      score,
      advice: feedback.warning ?? feedback.suggestions[0],
    };
  };
}

/** What the form around says of whose password it will be. */
function contextOf(place: HTMLElement | null): string[] {
  const form = place?.closest("form");
  const typed = ["email", "name"].map((name) => form?.elements.namedItem(name));
  const values = typed.flatMap((field) => (field instanceof HTMLInputElement ? [field.value] : []));
  return [...values, "gatehouse", window.location.hostname];
}

const TOO_PERSONAL = {
  score: 0,
  advice: "It is too close to your name, your address or this site.",
} as const;

/** Advice while typing. Whether a password is accepted is decided on the server. */
export function PasswordMeter({ email = "" }: { email?: string }) {
  const place = useRef<HTMLDivElement>(null);
  const password = usePasswordValue();
  const [judgement, setJudgement] = useState<ReturnType<Judge>>();

  useEffect(() => {
    if (password === "") return;
    let current = true;
    loading ??= loadJudge();
    void loading.then((judge) => {
      if (!current) return;
      const personal = isPersonal(password, [email, ...contextOf(place.current)]);
      setJudgement(personal ? TOO_PERSONAL : judge(password));
    });
    return () => {
      current = false;
    };
  }, [password, email]);

  const shown = password === "" ? undefined : judgement;
  return (
    <div ref={place}>
      <StrengthMeter score={shown?.score} advice={shown?.advice ?? undefined} />
    </div>
  );
}
