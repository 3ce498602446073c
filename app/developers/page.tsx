import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { titled } from "@/app/_locale/translations";
import { type Endpoint, takesFreshProof } from "@/app/api/endpoint";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { ENDPOINTS } from "@/app/api/table";
import { waysIn } from "@/app/developers/ways-in";
import { BarePage } from "@/components/layout/bare-page";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { CODED, CodeBlock } from "@/components/ui/code";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { linkTo, TextLink } from "@/components/ui/text-link";
import { getConfig } from "@/lib/platform/config";

export const generateMetadata = titled("developers");

// Rendered with each request, like every page: the policy's nonce must be this answer's.
export const dynamic = "force-dynamic";

const asksForProof = (endpoint: Endpoint): boolean =>
  endpoint.fresh !== undefined || takesFreshProof(endpoint);

/** What the API says of itself: in English, to programs and to people. */
const English = ({ children }: { children: ReactNode }) => <bdi lang="en">{children}</bdi>;

const OPENAPI = "OpenAPI 3.1";

const accessOf = ({ access }: Endpoint): string =>
  typeof access === "object" ? access.key : access;

export default function DevelopersPage() {
  const t = useTranslations("developers");
  const tags = [...new Set(ENDPOINTS.map(({ tag }) => tag))];
  return (
    <BarePage>
      <div className="mx-auto w-full max-w-3xl space-y-6">
        <PageHeader
          title={t("title")}
          description={t("description")}
          actions={
            <TextLink href="/api/v1/openapi.json" prefetch={false}>
              {OPENAPI}
            </TextLink>
          }
        />
        <WaysIn />
        <Marks />
        {tags.map((tag) => (
          <Section key={tag} title={<English>{tag}</English>} flush>
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
                      {asksForProof(endpoint) && (
                        <Badge tone="accent">{t("marks.freshProof")}</Badge>
                      )}
                      <Badge>{accessOf(endpoint)}</Badge>
                    </>
                  }
                >
                  <English>{endpoint.summary}</English>
                  {typeof endpoint.fresh === "string" &&
                    ` ${t("marks.freshFor", { what: endpoint.fresh })}`}
                </Item>
              ))}
            </ItemList>
          </Section>
        ))}
        <Section title={t("problems.title")} description={t("problems.description")} flush>
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
                <English>{meaning}</English>
              </Item>
            ))}
          </ItemList>
        </Section>
      </div>
    </BarePage>
  );
}

function WaysIn() {
  const t = useTranslations("developers");
  return (
    <Section id="call-the-api" title={t("call")} description={t("callText")}>
      <div className="space-y-6">
        {waysIn(getConfig().origin).map(({ id, code }) => {
          const title = t(`ways.${id}.title`);
          return (
            <section key={id} id={id} aria-label={title} className="space-y-2">
              <h3 className="font-medium text-ink text-sm">{title}</h3>
              <p className="text-ink-soft text-sm">{t(`ways.${id}.about`)}</p>
              <CodeBlock code={code} label={t("asCall", { title })} />
            </section>
          );
        })}
      </div>
    </Section>
  );
}

const MARKED = { mark: (words: ReactNode) => <Badge>{words}</Badge> };
const FRESH = { mark: (words: ReactNode) => <Badge tone="accent">{words}</Badge> };

/** What the marks of the operations below mean. */
function Marks() {
  const t = useTranslations("developers.marks");
  return (
    <Section title={t("title")}>
      <div className="space-y-3 text-ink-soft text-sm">
        <p>{t.rich("access", { ...MARKED, ...linkTo("#insufficient_scope") })}</p>
        <p>{t.rich("fresh", { ...FRESH, ...linkTo("#person_required") })}</p>
        <p>{t.rich("dpop", CODED)}</p>
      </div>
    </Section>
  );
}
