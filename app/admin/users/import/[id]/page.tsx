import { Download } from "lucide-react";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { USERS_PATH } from "@/app/admin/users/address";
import { applyImportAction } from "@/app/admin/users/import/actions";
import { IMPORT_PATH, importPath } from "@/app/admin/users/import/address";
import { formatName } from "@/app/admin/users/import/import-words";

import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SubmitOnward } from "@/components/form/submit-onward";
import { CheckboxField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { buttonClass } from "@/components/ui/button-class";
import { Card, Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
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
import { type ImportView, viewImport } from "@/lib/user-imports/list-imports";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const generateMetadata = titled("admin-user-imports.one");

/** The file has all of them. */
const REMARKS_SHOWN = 50;

interface Props {
  params: Promise<{ id: string }>;
}

export default async function UserImportPage({ params }: Props) {
  const { id } = await params;
  const terms = { assurance: SENSITIVE };
  const caller = await requirePermission(importPath(id), USER_PERMISSIONS.manage, terms);
  const found = (await answerDenials(() => viewImport(caller, id, REMARKS_SHOWN))) ?? notFound();
  const t = await getTranslations("admin-user-imports");
  const users = await getTranslations("admin-users.list");
  const { state, rowCount: rows, badCount: bad, createdCount: created } = found;
  return (
    <div className="max-w-4xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: users("title"), href: USERS_PATH },
              { label: t("import"), href: IMPORT_PATH },
              { label: formatName(found.format, t) },
            ]}
          />
        }
        title={t(`states.${state}`)}
        description={
          state === "checked"
            ? t("one.checked", { rows, bad })
            : t("one.created", { rows, users: created })
        }
      />
      {found.state === "running" && (
        <LiveUpdates href={`/api/v1/user-imports/${encodeURIComponent(id)}`} follow />
      )}
      <div className="space-y-6">
        {found.state !== "checked" && <Progress {...found} />}
        {found.state !== "finished" && <Onward {...found} />}
        {found.remarks.length > 0 && <Remarks {...found} />}
      </div>
    </div>
  );
}

function Progress({ cursor, rowCount }: ImportView) {
  const t = useTranslations("admin-user-imports.one");
  return (
    <Card className="p-5">
      <label className="flex flex-col gap-2 text-ink text-sm">
        {t("progress", { done: cursor, rows: rowCount })}
        <progress max={rowCount} value={cursor} className="h-2 w-full accent-accent" />
      </label>
    </Card>
  );
}

function Onward({ id, state, badCount, rowCount, cursor }: ImportView) {
  const begins = state === "checked";
  const t = useTranslations("admin-user-imports.one");
  return (
    <Card className="p-5">
      <ActionForm action={applyImportAction} aria-label={t(begins ? "import" : "continue")}>
        <input type="hidden" name="id" value={id} />
        <SubmitOnward at={cursor} />
        {begins && badCount > 0 && (
          <CheckboxField
            name="skipBad"
            label={t("skip", { count: badCount })}
            hint={t("skipHint")}
          />
        )}
        <div>
          <SubmitButton>
            {begins ? t("importUsers", { count: rowCount - badCount }) : t("continue")}
          </SubmitButton>
        </div>
      </ActionForm>
    </Card>
  );
}

function Remarks({ id, remarks }: ImportView) {
  const t = useTranslations("admin-user-imports.remarks");
  return (
    <Section
      title={t("title")}
      description={
        remarks.length === REMARKS_SHOWN ? t("first", { count: REMARKS_SHOWN }) : undefined
      }
      actions={
        <a
          href={`/api/v1/user-imports/${encodeURIComponent(id)}/remarks.csv`}
          className={buttonClass("secondary")}
        >
          <Download aria-hidden="true" />
          {t("download")}
        </a>
      }
      flush
    >
      <Table caption={t("title")} framed={false}>
        <TableHead>
          <ColumnHeader narrow>{t("line")}</ColumnHeader>
          <ColumnHeader>{t("address")}</ColumnHeader>
          <ColumnHeader>{t("toDo")}</ColumnHeader>
        </TableHead>
        <TableBody>
          {remarks.map(({ line, email, problem, note }) => (
            <TableRow key={line}>
              <RowHeader>{line}</RowHeader>
              <Cell className="max-w-56 truncate" title={email ?? undefined}>
                {email ?? t("none")}
              </Cell>
              <Cell>{problem ?? t("imported", { note: note ?? "" })}</Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
