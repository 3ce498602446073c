import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { USERS_PATH } from "@/app/admin/users/address";
import { checkImportAction } from "@/app/admin/users/import/actions";
import { IMPORT_PATH, importPath } from "@/app/admin/users/import/address";
import { formatName } from "@/app/admin/users/import/import-words";

import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { SENSITIVE } from "@/lib/shared/assurance";
import { type ImportRecord, listImports } from "@/lib/user-imports/list-imports";
import { IMPORT_FORMATS } from "@/lib/user-imports/user-import.schema";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const generateMetadata = titled("admin-user-imports");

export default async function ImportUsersPage() {
  const terms = { assurance: SENSITIVE };
  const caller = await requirePermission(IMPORT_PATH, USER_PERMISSIONS.manage, terms);
  const imports = await answerDenials(() => listImports(caller));
  const t = await getTranslations("admin-user-imports");
  const users = await getTranslations("admin-users.list");
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: users("title"), href: USERS_PATH }, { label: t("import") }]}
          />
        }
        title={t("title")}
        description={t("description")}
      />
      <div className="space-y-6">
        <Section title={t("file.title")}>
          <ActionForm action={checkImportAction} aria-label={t("title")}>
            <SelectField
              name="format"
              label={t("file.format")}
              options={IMPORT_FORMATS.map((format) => ({
                value: format,
                label: t(`formats.${format}`),
              }))}
            />
            <TextField
              name="file"
              label={t("file.file")}
              type="file"
              accept=".csv,.json,.ndjson,.jsonl"
              hint={t("file.fileHint")}
              required
            />
            <CheckboxField name="vouched" label={t("file.vouched")} hint={t("file.vouchedHint")} />
            <CheckboxField
              name="defaultRoles"
              label={t("file.defaultRoles")}
              hint={t("file.defaultRolesHint")}
            />
            <div>
              <SubmitButton>{t("file.check")}</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {imports.length > 0 && <Imports imports={imports} />}
      </div>
    </div>
  );
}

function Imports({ imports }: { imports: ImportRecord[] }) {
  const t = useTranslations("admin-user-imports");
  return (
    <Section title={t("recent.title")} flush>
      <Table caption={t("recent.title")} framed={false}>
        <TableHead>
          <ColumnHeader>{t("recent.begun")}</ColumnHeader>
          <ColumnHeader>{t("recent.format")}</ColumnHeader>
          <ColumnHeader>{t("recent.state")}</ColumnHeader>
          <ColumnHeader align="end">{t("recent.rows")}</ColumnHeader>
          <ColumnHeader align="end">{t("recent.created")}</ColumnHeader>
        </TableHead>
        <TableBody>
          {imports.map((it) => (
            <TableRow key={it.id}>
              <RowHeader>
                <Link href={importPath(it.id)} className="hover:underline">
                  <RelativeTime value={it.createdAt} />
                </Link>
              </RowHeader>
              <Cell>{formatName(it.format, t)}</Cell>
              <Cell>{t(`states.${it.state}`)}</Cell>
              <Cell align="end">{it.rowCount}</Cell>
              <Cell align="end">{it.createdCount}</Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
