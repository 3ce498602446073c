import type { Metadata } from "next";
import type { Endpoint } from "@/app/api/endpoint";
import { ENDPOINTS } from "@/app/api/table";
import { waysIn } from "@/app/developers/ways-in";
import { BarePage } from "@/components/layout/bare-page";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { getConfig } from "@/lib/platform/config";

export const metadata: Metadata = { title: "Developers" };

// Rendered with each request, like every page: the policy's nonce must be this answer's.
export const dynamic = "force-dynamic";

const PROBLEMS = [
  ["unauthenticated", 401, "No session, or one that has ended."],
  ["forbidden", 403, "Signed in, but not allowed. decisionId names the audit event."],
  ["foreign_origin", 403, "A cookie authenticated the request, and its Origin was not ours."],
  ["not_found", 404, "It does not exist, or not for you."],
  ["method_not_allowed", 405, "The path exists, but not with this method."],
  ["body_too_large", 413, "The body exceeds 64 KiB."],
  ["unsupported_media_type", 415, "The body must be JSON."],
  ["malformed_json", 400, "The body is not JSON."],
  ["validation_failed", 422, "errors says which field does not fit, and why."],
  ["too_many_requests", 429, "Wait as long as Retry-After says."],
  ["unavailable", 503, "Nothing was decided or changed. Wait as long as Retry-After says."],
] as const;

const accessOf = ({ access }: Endpoint): string =>
  typeof access === "object" ? access.key : access;

export default function DevelopersPage() {
  const tags = [...new Set(ENDPOINTS.map(({ tag }) => tag))];
  return (
    <BarePage>
      <div className="mx-auto w-full max-w-3xl space-y-6">
        <PageHeader
          title="Developers"
          description="The JSON API, generated from the code that answers it."
          actions={
            <TextLink href="/api/v1/openapi.json" prefetch={false}>
              OpenAPI 3.1
            </TextLink>
          }
        />
        <WaysIn />
        {tags.map((tag) => (
          <Section key={tag} title={tag} flush>
            <ItemList>
              {ENDPOINTS.filter((endpoint) => endpoint.tag === tag).map((endpoint) => (
                <Item
                  key={`${endpoint.method} ${endpoint.path}`}
                  title={
                    <code className="font-mono text-sm">
                      {endpoint.method} {endpoint.path}
                    </code>
                  }
                  aside={<Badge>{accessOf(endpoint)}</Badge>}
                >
                  {endpoint.summary}
                </Item>
              ))}
            </ItemList>
          </Section>
        ))}
        <Section
          title="Problems"
          description="Errors are problem documents (RFC 9457) with a stable code."
          flush
        >
          <ItemList>
            {PROBLEMS.map(([code, status, meaning]) => (
              <Item
                key={code}
                title={
                  <code id={code} className="font-mono text-sm">
                    {code}
                  </code>
                }
                aside={<Badge>{status}</Badge>}
              >
                {meaning}
              </Item>
            ))}
          </ItemList>
        </Section>
      </div>
    </BarePage>
  );
}

function WaysIn() {
  return (
    <Section
      id="call-the-api"
      title="Call the API"
      description="By the browser's session, or by a token: api:read for GET, api:write for everything else."
    >
      <div className="space-y-6">
        {waysIn(getConfig().origin).map(({ id, title, about, code }) => (
          <section key={id} id={id} aria-label={title} className="space-y-2">
            <h3 className="font-medium text-ink text-sm">{title}</h3>
            <p className="text-ink-soft text-sm">{about}</p>
            <CodeBlock code={code} label={`${title}, as a call`} />
          </section>
        ))}
      </div>
    </Section>
  );
}
