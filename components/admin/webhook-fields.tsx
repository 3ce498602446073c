"use client";

import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { useRevealed } from "@/components/form/form-context";
import { ShownOnce } from "@/components/form/shown-once";
import { TextAreaField, TextField } from "@/components/form/text-field";
import { CodeBlock } from "@/components/ui/code";
import { TextLink } from "@/components/ui/text-link";

/** What can be changed of a webhook, for a new one and one being edited. */
export function WebhookFields({
  values,
}: {
  values?: { name: string; url: string; eventTypes: string[] };
}) {
  const t = useTranslations("admin-webhook-fields");
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        defaultValue={values?.name}
        maxLength={80}
        autoComplete="off"
        fieldClassName="sm:max-w-md"
        required
      />
      <TextField
        name="url"
        label={t("address")}
        hint={t("addressHint")}
        type="url"
        inputMode="url"
        defaultValue={values?.url}
        maxLength={2_000}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <TextAreaField
        name="eventTypes"
        label={t("events")}
        hint={t("eventsHint")}
        defaultValue={values?.eventTypes.join("\n") ?? "*"}
        rows={3}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-[0.8125rem]"
        required
      />
    </>
  );
}

/** The form of a new webhook, and after it has been sent the secret, which the answer alone carries. */
export function NewWebhookAnswer({
  listPath,
  children,
}: {
  listPath: string;
  children: ReactNode;
}) {
  const t = useTranslations("admin-webhook-fields");
  const [secret, id] = useRevealed();
  if (secret === undefined || id === undefined) return children;
  return (
    <div className="space-y-5">
      <ShownOnce what={t("theSecret")}>
        <p>{t("secretText")}</p>
      </ShownOnce>
      <CodeBlock code={secret} label={t("secret")} />
      <p className="text-sm">
        <TextLink href={`${listPath}/${id}`}>{t("goTo")}</TextLink>
      </p>
    </div>
  );
}
