"use client";

import { useState } from "react";
import { useTranslations } from "#translations";
import { TextField } from "@/components/form/text-field";
import { Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";

/** The id of a connection, and the callback address that comes of it, as it is typed. */
export function ConnectionSlugField({ base, initial }: { base: string; initial: string }) {
  const t = useTranslations("admin-connection-slug");
  const [slug, setSlug] = useState(initial);
  const callback = `${base}${slug}`;
  return (
    <>
      <TextField
        name="slug"
        label={t("id")}
        hint={t("hint")}
        defaultValue={initial}
        onChange={(event) => setSlug(event.target.value.trim())}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        fieldClassName="sm:max-w-xs"
        required
      />
      <div className="space-y-1 text-sm">
        <p className="font-medium text-ink">{t("callback")}</p>
        <p className="flex items-center gap-1 text-ink-soft">
          <Code>{callback}</Code>
          <CopyButton value={callback} label={t("copy")} />
        </p>
        <p className="text-ink-faint">{t("enter")}</p>
      </div>
    </>
  );
}
