import type { Metadata } from "next";
import { type Endpoint, takesFreshProof } from "@/app/api/endpoint";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { ENDPOINTS } from "@/app/api/table";
import { waysIn } from "@/app/developers/ways-in";
import { BarePage } from "@/components/layout/bare-page";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Code, CodeBlock } from "@/components/ui/code";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { getConfig } from "@/lib/platform/config";

export const metadata: Metadata = { title: "Developers" };

// Rendered with each request, like every page: the policy's nonce must be this answer's.
export const dynamic = "force-dynamic";

const asksForProof = (endpoint: Endpoint): boolean =>
  endpoint.fresh !== undefined || takesFreshProof(endpoint);

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
        <Marks />
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
                  aside={
                    <>
                      {asksForProof(endpoint) && <Badge tone="accent">fresh proof</Badge>}
                      <Badge>{accessOf(endpoint)}</Badge>
                    </>
                  }
                >
                  {endpoint.summary}
                  {typeof endpoint.fresh === "string" && ` (${endpoint.fresh}: fresh proof)`}
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
            {Object.entries(PROBLEM_CODES).map(([code, [status, meaning]]) => (
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

/** What the marks of the operations below mean. */
function Marks() {
  return (
    <Section title="What an operation asks for">
      <div className="space-y-3 text-ink-soft text-sm">
        <p>
          <Badge>anonymous</Badge> nothing, <Badge>signed-in</Badge> whoever is signed in, and every
          other mark is a permission. A token needs its scope as well, or is answered with{" "}
          <TextLink href="#insufficient_scope">insufficient_scope</TextLink>.
        </p>
        <p>
          <Badge tone="accent">fresh proof</Badge> a person who has proven who they are in the last
          ten minutes: the browser’s session, or a token of /api/v1/auth/login. The token of a
          client, of a service account or of a script is answered with{" "}
          <TextLink href="#person_required">person_required</TextLink>.
        </p>
        <p>
          A token that was asked for with a proof of possession (DPoP, RFC 9449) is sent as{" "}
          <Code>Authorization: DPoP</Code> with a new proof each time.
        </p>
      </div>
    </Section>
  );
}
