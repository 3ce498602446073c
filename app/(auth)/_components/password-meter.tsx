"use client";

import { useEffect, useState } from "react";
import { usePasswordValue } from "@/components/form/password-field";
import { StrengthMeter, type StrengthScore } from "@/components/ui/strength-meter";

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

/** Advice while typing. Whether a password is accepted is decided on the server. */
export function PasswordMeter() {
  const password = usePasswordValue();
  const [judgement, setJudgement] = useState<ReturnType<Judge>>();

  useEffect(() => {
    if (password === "") return;
    let current = true;
    loading ??= loadJudge();
    void loading.then((judge) => {
      if (current) setJudgement(judge(password));
    });
    return () => {
      current = false;
    };
  }, [password]);

  const shown = password === "" ? undefined : judgement;
  return <StrengthMeter score={shown?.score} advice={shown?.advice ?? undefined} />;
}
