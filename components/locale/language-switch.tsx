"use client";

import { createContext, type ReactNode, useContext, useId } from "react";
import { useLanguage, useTranslations } from "#translations";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { LOCALE_NAMES, LOCALES } from "@/lib/shared/locale";

const Choose = createContext<FormAction | null>(null);

/** Hands the action that keeps the choice down to the switches of all pages. */
export function LanguageChoice({ action, children }: { action: FormAction; children: ReactNode }) {
  return <Choose value={action}>{children}</Choose>;
}

/** Chooses the language of this browser: at once with script, by its button without. */
export function LanguageSwitch() {
  const t = useTranslations("common.language");
  const { locale } = useLanguage();
  const action = useContext(Choose);
  const id = useId();
  if (action === null) return null;
  return (
    <ActionForm
      action={action}
      aria-label={t("label")}
      className="flex-row items-center justify-center gap-2 text-sm"
    >
      <label htmlFor={id} className="sr-only">
        {t("label")}
      </label>
      <select
        // React never changes the default of a select that is there.
        key={locale}
        id={id}
        name="locale"
        defaultValue={locale}
        onChange={({ target }) => target.form?.requestSubmit()}
        className="h-8 rounded-md border border-line bg-transparent px-2 text-ink-soft hover:text-ink"
      >
        {LOCALES.map((choice) => (
          <option key={choice} value={choice} lang={choice}>
            {LOCALE_NAMES[choice]}
          </option>
        ))}
      </select>
      <noscript>
        <SubmitButton variant="secondary" size="sm">
          {t("choose")}
        </SubmitButton>
      </noscript>
    </ActionForm>
  );
}
