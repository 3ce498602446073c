"use client";

import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { SnippetList } from "@/components/admin/snippet-list";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { useRevealed } from "@/components/form/form-context";
import { ShownOnce } from "@/components/form/shown-once";
import { Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";

/** A value to take along. */
function Value({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <Code>{text}</Code>
      <CopyButton value={text} label={label} />
    </span>
  );
}

/** A client's secret in the answer of the form that made it: to copy now, and never again. */
export function AddedClientSecret({ facts }: { facts: Omit<SnippetFacts, "secret"> }) {
  const t = useTranslations("admin-client-secret");
  const [secret] = useRevealed();
  if (secret === undefined) return null;
  return (
    <div className="space-y-4">
      <ShownOnce what={t("theSecret")}>
        <div className="mt-2">
          <Value text={secret} label={t("copyTheSecret")} />
        </div>
      </ShownOnce>
      <SnippetList facts={{ ...facts, secret }} />
    </div>
  );
}

/**
 * The form of a new client, and after it has been sent what has come of it: the
 * answer carries the secret, and what the snippets are filled in with.
 */
export function NewClientAnswer({
  facts,
  listPath,
  children,
}: {
  facts: Omit<
    SnippetFacts,
    "secret" | "clientId" | "redirectUri" | "signs" | "scopes" | "idTokenAlgorithm"
  >;
  listPath: string;
  children: ReactNode;
}) {
  const t = useTranslations("admin-client-secret");
  const [secret, clientId, redirectUri = "", idTokenAlgorithm = "", scopes = ""] = useRevealed();
  if (secret === undefined || clientId === undefined) return children;
  return (
    <div className="space-y-5">
      <ShownOnce what={t("theSecret")}>
        <p>{t("secretText")}</p>
      </ShownOnce>
      <DescriptionList
        items={[
          { term: t("clientId"), value: <Value text={clientId} label={t("copyTheId")} /> },
          { term: t("clientSecret"), value: <Value text={secret} label={t("copyTheSecret")} /> },
          { term: t("issuer"), value: <Value text={facts.issuer} label={t("copyTheIssuer")} /> },
        ]}
      />
      <div className="space-y-2">
        <h2 className="font-semibold text-ink text-sm">{t("setUp")}</h2>
        <SnippetList
          facts={{
            ...facts,
            secret,
            clientId,
            redirectUri,
            signs: false,
            scopes: scopes.split(" "),
            idTokenAlgorithm,
          }}
        />
      </div>
      <p className="text-sm">
        <TextLink href={`${listPath}/${encodeURIComponent(clientId)}`}>{t("goTo")}</TextLink>
      </p>
    </div>
  );
}
