"use client";

import { useContext } from "react";
import { useTranslations } from "#translations";
import { FormContext } from "@/components/form/form-context";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";

/** Shows what is stored beside what was typed, after somebody else was faster. */
export function LostUpdate({ labels, href }: { labels: Record<string, string>; href: string }) {
  const t = useTranslations("common.lostUpdate");
  const { state } = useContext(FormContext);
  if (state.status !== "error" || state.stored === undefined) return null;
  const { stored, values = {} } = state;
  const different = Object.keys(labels).filter((name) => stored[name] !== values[name]);
  return (
    <Callout
      tone="warning"
      title={different.length === 0 ? t("same") : t("differs")}
      action={
        // A full load on purpose: it drops what was typed, which is what it says.
        <a href={href} className={buttonClass("secondary", "sm")}>
          {t("discard")}
        </a>
      }
    >
      {different.length > 0 && (
        <dl className="mt-1 space-y-2">
          {different.map((name) => (
            <div key={name}>
              <dt className="font-medium text-ink">{labels[name]}</dt>
              <dd className="[overflow-wrap:anywhere]">
                {t("theirs", { value: stored[name] ?? "" })}
              </dd>
              <dd className="[overflow-wrap:anywhere]">
                {t("yours", { value: values[name] ?? "" })}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="mt-3">{t("replace")}</p>
    </Callout>
  );
}
