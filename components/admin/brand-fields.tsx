"use client";

import { useState } from "react";
import { useTranslations } from "#translations";
import { BrandPreview } from "@/components/admin/brand-preview";
import { useField } from "@/components/form/line-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/text-input";
import { accentOf, adjustedIn, type Scheme } from "@/lib/shared/accent";

const COLOUR = /^#[0-9a-f]{6}$/;
/** What a picker stands on while no colour is chosen. */
const OWN = "#005c63";

/** The tones that are shown of a colour, for a sentence. */
const tonesOf = (colour: string) => {
  const { light, dark } = accentOf(colour);
  return { light: light.accent, dark: dark.accent };
};

/** Name and colour of an organization, and what they look like while they are typed. */
export function BrandFields({
  name,
  accent,
  ownName,
  logos,
}: {
  name: string | null;
  accent: string | null;
  ownName: string;
  logos: Record<Scheme, string | null>;
}) {
  const t = useTranslations("brandPreview");
  const named = useField({ name: "name", hint: t("nameHint") });
  const coloured = useField({ name: "accent", hint: t("accentHint") });
  const [typedName, setName] = useState(named.typed ?? name ?? "");
  const [typedAccent, setAccent] = useState(coloured.typed ?? accent ?? "");
  const colour = typedAccent.trim().toLowerCase();
  const shown = COLOUR.test(colour) ? colour : null;
  return (
    <>
      <Field id={named.id} label={t("name")} hint={t("nameHint")} errors={named.errors} optional>
        <Input
          {...named.attributes}
          value={typedName}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          placeholder={ownName}
          maxLength={60}
          autoComplete="off"
        />
      </Field>
      <Field
        id={coloured.id}
        label={t("accent")}
        hint={t("accentHint")}
        errors={coloured.errors}
        optional
      >
        <div className="flex gap-2">
          <Input
            {...coloured.attributes}
            value={typedAccent}
            onChange={({ currentTarget }) => setAccent(currentTarget.value)}
            placeholder={OWN}
            maxLength={7}
            spellCheck={false}
            autoComplete="off"
            dir="ltr"
            className="max-w-40 font-mono"
          />
          <input
            type="color"
            aria-label={t("picker")}
            value={shown ?? OWN}
            onChange={({ currentTarget }) => setAccent(currentTarget.value)}
            className="scripted:block hidden h-10 w-14 rounded-md border border-line-strong/60 bg-surface p-1"
          />
        </div>
      </Field>
      <p role="status" className="text-ink-soft text-sm">
        {shown === null && t("own")}
        {shown !== null && adjustedIn(shown).length === 0 && t("kept")}
        {shown !== null && adjustedIn(shown).length > 0 && t("adjusted", tonesOf(shown))}
      </p>
      <BrandPreview
        name={typedName.trim() === "" ? ownName : typedName}
        accent={shown}
        logos={logos}
      />
    </>
  );
}
