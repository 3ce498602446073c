import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { retireKeysAction, rotateKeysAction } from "@/app/admin/keys/actions";
import { EncryptionSection } from "@/app/admin/keys/encryption-section";
import { SigningKeysTable } from "@/app/admin/keys/signing-keys-table";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Card, Section } from "@/components/ui/card";
import { CODED, Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { describeKeys } from "@/lib/keys/describe-keys";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";

export const generateMetadata = titled("admin-keys");

export default async function KeysPage() {
  const caller = await requirePermission("/admin/keys", KEY_PERMISSIONS.view);
  const { signing, encryption, secrets } = await answerDenials(() => describeKeys(caller));
  const mayRotate = (await can(caller, KEY_PERMISSIONS.manage)) && signing.length > 0;
  const t = await getTranslations("admin-keys");
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={mayRotate && <Rotations />}
      />
      <div className="space-y-6">
        {signing.length === 0 ? (
          <Card>
            <EmptyState title={t("none")} description={t("noneText")} />
          </Card>
        ) : (
          <SigningKeysTable keys={signing} />
        )}
        <EncryptionSection keys={encryption} />
        <Section title={t("cookies.title")} description={t.rich("cookies.text", CODED)}>
          <ol className="flex flex-wrap gap-2">
            {secrets.map((name) => (
              <li key={name}>
                <Code>{name}</Code>
              </li>
            ))}
          </ol>
        </Section>
      </div>
    </>
  );
}

function Rotations() {
  const t = useTranslations("admin-keys");
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger={t("rotate.trigger")}
        variant="secondary"
        size="md"
        title={t("rotate.title")}
        description={t("rotate.text")}
        confirmLabel={t("rotate.confirm")}
        tone="primary"
        action={rotateKeysAction}
      />
      <ConfirmDialog
        trigger={t("retire.trigger")}
        triggerLabel={t("retire.label")}
        size="md"
        title={t("retire.title")}
        description={
          <>
            <p>{t("retire.first")}</p>
            <ul className="mt-2 list-disc space-y-1 ps-5">
              <li>{t("retire.tokens")}</li>
              <li>{t("retire.apps")}</li>
              <li>{t("retire.people")}</li>
            </ul>
          </>
        }
        confirmLabel={t("retire.confirm")}
        action={retireKeysAction}
      />
    </div>
  );
}
