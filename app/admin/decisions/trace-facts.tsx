import { AbsoluteTime } from "@/components/ui/absolute-time";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import type { Trace } from "@/lib/authz/trace";

/** What the decision was made from: who, what, which record, and what the request was like. */
export function TraceFacts({ trace }: { trace: Trace }) {
  const { principal, context } = trace.facts;
  const { resource } = trace;
  return (
    <DescriptionList
      items={[
        {
          term: "Who",
          value:
            principal.kind === "user" ? (
              <TextLink href={`/admin/users/${principal.id}`}>{principal.email}</TextLink>
            ) : (
              `service account ${principal.id}`
            ),
        },
        { term: "Permission", value: <code className="font-mono">{trace.permissionKey}</code> },
        {
          term: "Record",
          value:
            resource === null
              ? `Any ${trace.resourceType}`
              : `${trace.resourceType} ${resource.id ?? ""}`,
        },
        ...(resource === null ? [] : attributesIn(resource.attributes)),
        { term: "When", value: <AbsoluteTime value={new Date(context.at)} /> },
        { term: "From", value: context.ip ?? "not known" },
        { term: "By", value: context.means },
        {
          term: "Proven",
          value:
            context.acr === "" ? (
              "not known"
            ) : (
              <>
                {context.acr}, <AbsoluteTime value={new Date(context.authTime)} />
              </>
            ),
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
