import { FileText } from "lucide-react";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { publishTermsAction } from "@/app/admin/terms/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextAreaField, TextField } from "@/components/form/text-field";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { PlainDocument } from "@/components/ui/plain-document";
import { SENSITIVE } from "@/lib/shared/assurance";
import { TERMS_PERMISSIONS } from "@/lib/terms/permissions";
import { listPublishedTerms, type PublishedTerms } from "@/lib/terms/publish-terms";
import {
  DOCUMENTS,
  SUMMARY_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TITLE_LENGTH_MAX,
} from "@/lib/terms/terms.schema";

export const generateMetadata = titled("admin-terms");

/** What everybody is asked to accept, version by version (F115). */
export default async function TermsAdministrationPage() {
  const caller = await requirePermission("/admin/terms", TERMS_PERMISSIONS.manage, {
    assurance: SENSITIVE,
  });
  const versions = await answerDenials(() => listPublishedTerms(caller));
  const t = await getTranslations("admin-terms");
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Section title={t("versions")} flush>
          {versions.length === 0 ? (
            <EmptyState title={t("none")} description={t("noneText")} />
          ) : (
            <ItemList>
              {versions.map((version) => (
                <VersionItem key={version.id} version={version} />
              ))}
            </ItemList>
          )}
        </Section>
        <NewVersion />
      </div>
    </div>
  );
}

function VersionItem({ version }: { version: PublishedTerms }) {
  const t = useTranslations("admin-terms");
  const documents = useTranslations("auth.terms.documents");
  return (
    <Item
      leading={<FileText aria-hidden="true" />}
      title={version.title}
      aside={
        <Badge>
          {documents(version.document)} {version.number}
        </Badge>
      }
    >
      <p>{t.rich("acceptedBy", { count: version.acceptances, ...timeAt(version.effectiveAt) })}</p>
      <details className="mt-1">
        <summary className="cursor-pointer">{t("text")}</summary>
        <PlainDocument text={version.text} className="mt-2" />
      </details>
    </Item>
  );
}

function NewVersion() {
  const t = useTranslations("admin-terms");
  const documents = useTranslations("auth.terms.documents");
  return (
    <Section title={t("new.title")} description={t("new.description")}>
      <ActionForm action={publishTermsAction} aria-label={t("new.title")}>
        <SelectField name="document" label={t("new.document")} fieldClassName="sm:max-w-md">
          {DOCUMENTS.map((document) => (
            <option key={document} value={document}>
              {documents(document)}
            </option>
          ))}
        </SelectField>
        <TextField
          name="title"
          label={t("new.titleLabel")}
          maxLength={TITLE_LENGTH_MAX}
          autoComplete="off"
          fieldClassName="sm:max-w-md"
          required
        />
        <TextAreaField
          name="summary"
          label={t("new.summary")}
          hint={t("new.summaryHint")}
          maxLength={SUMMARY_LENGTH_MAX}
          rows={3}
          optional
        />
        <TextAreaField
          name="text"
          label={t("new.text")}
          hint={t("new.textHint")}
          maxLength={TEXT_LENGTH_MAX}
          rows={14}
          required
        />
        <TextField
          name="effectiveOn"
          label={t("new.inForce")}
          type="date"
          hint={t("new.inForceHint")}
          fieldClassName="sm:max-w-md"
          optional
        />
        <div>
          <SubmitButton>{t("new.submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
