import { z } from "zod";
import { useTranslations } from "#translations";
import { requireCaller } from "@/app/_http/page";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations, titled } from "@/app/_locale/translations";
import { askForRoleAction } from "@/app/(account)/account/requests/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextAreaField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { DURATIONS_MINUTES, REASON_LENGTH_MAX } from "@/lib/access-requests/access-request.schema";
import { durationWords } from "@/lib/access-requests/duration-words";
import { listRequestableRoles, type NamedRole } from "@/lib/access-requests/list-requests";

export const generateMetadata = titled("account-requests.new");

const REQUESTS_PATH = "/account/requests";
const Decision = z.uuid().nullable().catch(null);

export default async function NewRequestPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const decision = Decision.parse((await searchParams)["decision"] ?? null);
  const query = decision === null ? "" : `?decision=${decision}`;
  const caller = await requireCaller(`${REQUESTS_PATH}/new${query}`);
  const { suggested, others } = await listRequestableRoles(caller, decision);
  const [first] = suggested;
  const page = await getTranslations("account-requests");
  const t = await getTranslations("account-requests.new");
  const { locale } = await requestLanguage();
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: page("title"), href: REQUESTS_PATH }, { label: t("title") }]}
          />
        }
        title={t("title")}
        description={t("description")}
      />
      <Card className="p-5 sm:p-6">
        {suggested.length + others.length === 0 ? (
          <EmptyState title={t("noRoles")} description={t("noRolesText")} />
        ) : (
          <ActionForm action={askForRoleAction} aria-label={t("title")}>
            {decision !== null && <Suggestion suggested={suggested} />}
            {decision !== null && <input type="hidden" name="decision" value={decision} />}
            <SelectField
              name="roleId"
              label={t("role")}
              defaultValue={first?.id ?? ""}
              fieldClassName="sm:max-w-md"
              required
            >
              {first === undefined && <option value="">{t("choose")}</option>}
              {suggested.length > 0 && (
                <optgroup label={t("wouldAllow")}>
                  <Options roles={suggested} />
                </optgroup>
              )}
              {others.length > 0 && (
                <optgroup label={t(suggested.length > 0 ? "others" : "roles")}>
                  <Options roles={others} />
                </optgroup>
              )}
            </SelectField>
            <SelectField
              name="minutes"
              label={t("for")}
              defaultValue="480"
              fieldClassName="sm:max-w-md"
            >
              {DURATIONS_MINUTES.map((minutes) => (
                <option key={minutes} value={minutes}>
                  {durationWords(minutes * 60, locale)}
                </option>
              ))}
            </SelectField>
            <TextAreaField
              name="reason"
              label={t("reason")}
              hint={t("reasonHint")}
              rows={3}
              maxLength={REASON_LENGTH_MAX}
              required
            />
            <div>
              <SubmitButton>{t("send")}</SubmitButton>
            </div>
          </ActionForm>
        )}
      </Card>
    </div>
  );
}

const Options = ({ roles }: { roles: NamedRole[] }) =>
  roles.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));

function Suggestion({ suggested }: { suggested: NamedRole[] }) {
  const t = useTranslations("account-requests.new");
  return (
    <Callout>
      <p>{t(suggested.length > 0 ? "suggested" : "noneSuggested")}</p>
    </Callout>
  );
}
