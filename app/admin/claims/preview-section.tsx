import { useTranslations } from "#translations";
import { answerDenials } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { previewClaims } from "@/lib/oidc/manage-claims";
import type { RenderedClaims } from "@/lib/oidc/render-claims";
import type { Caller } from "@/lib/shared/caller";

/** What an app would be told of one user: a plain form, so that the answer has an address. */
export async function PreviewSection({
  caller,
  userId,
  clientId,
}: {
  caller: Caller;
  userId: string;
  clientId: string;
}) {
  const t = await getTranslations("admin-claims.preview");
  const preview =
    userId === ""
      ? null
      : await answerDenials(() => previewClaims(caller, { userId, clientId: clientId || null }));
  return (
    <Section id="preview" title={t("title")} description={t("description")}>
      <form method="get" action="/admin/claims#preview" className="flex flex-col gap-5">
        <Field id="preview-user" label={t("userId")} className="sm:max-w-md">
          <Input id="preview-user" name="userId" defaultValue={userId} maxLength={100} required />
        </Field>
        <Field id="preview-client" label={t("clientId")} optional className="sm:max-w-md">
          <Input id="preview-client" name="clientId" defaultValue={clientId} maxLength={500} />
        </Field>
        <div>
          <Button type="submit" variant="secondary">
            {t("show")}
          </Button>
        </div>
      </form>
      {userId !== "" && preview === null && (
        <Callout tone="warning" role="status" className="mt-5">
          <p>{t("noUser")}</p>
        </Callout>
      )}
      {preview !== null && (
        <div className="mt-6 space-y-5">
          <Told title={t("id_token")} rendered={preview.id_token} />
          <Told title={t("userinfo")} rendered={preview.userinfo} />
          <Told title={t("access_token")} rendered={preview.access_token} />
        </div>
      )}
    </Section>
  );
}

function Told({ title, rendered }: { title: string; rendered: RenderedClaims }) {
  const t = useTranslations("admin-claims.preview");
  const { claims, leftOut } = rendered;
  return (
    <div className="space-y-2">
      <h3 className="font-medium text-ink text-sm">{title}</h3>
      {claims.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("nothing")}</p>
      ) : (
        <CodeBlock code={JSON.stringify(Object.fromEntries(claims), null, 2)} label={title} />
      )}
      {leftOut.length > 0 && (
        <Callout tone="warning" role="status">
          <p>{t("leftOut", { names: leftOut.join(", ") })}</p>
        </Callout>
      )}
    </div>
  );
}
