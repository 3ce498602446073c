"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { usePasswordValue } from "@/components/form/password-field";
import { StrengthMeter, type StrengthScore } from "@/components/ui/strength-meter";
import { isPersonal } from "@/lib/shared/personal-password";

type Translations = typeof import("@zxcvbn-ts/language-en").translations;
type Advice = {
  [Kind in "warnings" | "suggestions"]: `${Kind}.${keyof Translations[Kind] & string}`;
}["warnings" | "suggestions"];

type Judge = (password: string) => {
  score: StrengthScore;
  advice: Advice | "tooPersonal" | undefined;
};

/** Under what name the catalogue has each text, in the place of the text. */
const namesOf = <T extends object>(texts: T, kind: keyof Translations): T =>
  Object.fromEntries(Object.keys(texts).map((name) => [name, `${kind}.${name}`])) as T;

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
    translations: {
      ...english.translations,
      warnings: namesOf(english.translations.warnings, "warnings"),
      suggestions: namesOf(english.translations.suggestions, "suggestions"),
    },
  });
  return (password) => {
    const { score, feedback } = zxcvbn.check(password.slice(0, 100));
    return {
      score,
      advice: (feedback.warning ?? feedback.suggestions[0]) as Advice | undefined,
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

/** Advice while typing. Whether a password is accepted is decided on the server. */
export function PasswordMeter({ email = "" }: { email?: string }) {
  const t = useTranslations("passwords");
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
      setJudgement(personal ? { score: 0, advice: "tooPersonal" } : judge(password));
    });
    return () => {
      current = false;
    };
  }, [password, email]);

  const shown = password === "" ? undefined : judgement;
  return (
    <div ref={place}>
      <StrengthMeter score={shown?.score} advice={shown?.advice && t(shown.advice)} />
    </div>
  );
}
