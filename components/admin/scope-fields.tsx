"use client";

import { useId } from "react";
import { useTranslations } from "#translations";
import { useFieldState, useReturnedValues } from "@/components/form/form-context";
import { FieldError } from "@/components/ui/field";
import { Checkbox } from "@/components/ui/input";

export interface ScopeOption {
  key: string;
  about: string;
  chosen: boolean;
  /** Reaches further than its name says. */
  mighty: boolean;
}

/** One field each, so that what was ticked comes back from an error. */
export function ScopeFields({ scopes }: { scopes: ScopeOption[] }) {
  const id = useId();
  const t = useTranslations("admin-forms.scopes");
  const { errors } = useFieldState("scopes");
  const returned = useReturnedValues();
  return (
    <fieldset className="min-w-0" aria-describedby={errors ? `${id}-error` : undefined}>
      <legend className="mb-1.5 font-medium text-ink text-sm">{t("legend")}</legend>
      <p className="mb-3 text-ink-faint text-sm">{t("about")}</p>
      <ul className="space-y-3">
        {scopes.map(({ key, about, chosen, mighty }, place) => {
          const name = `scope.${place}`;
          const initial = returned ? returned[name] !== undefined : chosen;
          return (
            <li key={key} className="flex items-start gap-2.5">
              <Checkbox
                key={String(initial)}
                id={`${id}-${place}`}
                name={name}
                value={key}
                defaultChecked={initial}
                aria-describedby={`${id}-${place}-about`}
                aria-invalid={errors ? true : undefined}
              />
              <div className="min-w-0 text-sm">
                <label htmlFor={`${id}-${place}`} className="font-medium font-mono text-ink">
                  {key}
                </label>
                <p
                  id={`${id}-${place}-about`}
                  className={mighty ? "text-warning" : "text-ink-faint"}
                >
                  {about}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}
