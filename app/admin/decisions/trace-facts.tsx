import { useTranslations } from "#translations";
import { AbsoluteTime, timeAt } from "@/components/ui/absolute-time";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import type { Trace } from "@/lib/authz/trace";

/** What the decision was made from: who, what, which record, and what the request was like. */
export function TraceFacts({ trace }: { trace: Trace }) {
  const { principal, context } = trace.facts;
  const { resource } = trace;
  const t = useTranslations("admin-decisions.facts");
  return (
    <DescriptionList
      items={[
        {
          term: t("who"),
          value:
            principal.kind === "user" ? (
              <TextLink href={`/admin/users/${principal.id}`}>{principal.email}</TextLink>
            ) : (
              t("service", { id: principal.id })
            ),
        },
        { term: t("permission"), value: <code className="font-mono">{trace.permissionKey}</code> },
        {
          term: t("record"),
          value:
            resource === null
              ? t("anyRecord", { type: trace.resourceType })
              : `${trace.resourceType} ${resource.id ?? ""}`,
        },
        ...(resource === null ? [] : attributesIn(resource.attributes)),
        { term: t("when"), value: <AbsoluteTime value={new Date(context.at)} /> },
        { term: t("from"), value: context.ip ?? t("notKnown") },
        { term: t("by"), value: context.means },
        {
          term: t("proven"),
          value:
            context.acr === ""
              ? t("notKnown")
              : t.rich("provenAt", { acr: context.acr, ...timeAt(context.authTime) }),
        },
      ]}
    />
  );
}

const attributesIn = (attributes: Readonly<Record<string, unknown>>) =>
  Object.entries(attributes).map(([name, value]) => ({
    key: `attribute ${name}`,
    term: name,
    value: String(value),
  }));
