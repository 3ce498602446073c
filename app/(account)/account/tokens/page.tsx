import { useTranslations } from "#translations";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { createTokenAction, revokeTokenAction } from "@/app/(account)/account/tokens/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { RevealedSecret } from "@/components/form/revealed-secret";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { TokenItem } from "@/components/tokens/token-item";
import { Section } from "@/components/ui/card";
import { CODED } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { linkTo } from "@/components/ui/text-link";
import { listOwnTokens, type PersonalToken } from "@/lib/personal-tokens/own-tokens";
import {
  LIFETIME_DAYS_DEFAULT,
  NAME_LENGTH_MAX,
} from "@/lib/personal-tokens/personal-token.schema";

export const generateMetadata = titled("account.tokens");

const LIFETIMES_DAYS = [7, 30, 90, 180, 365];

export default async function TokensPage() {
  const caller = await requireCaller("/account/tokens", { impersonated: true });
  const tokens = await listOwnTokens(caller);
  const t = await getTranslations("account.tokens");
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t.rich("description", linkTo("/developers"))} />
      <div className="space-y-6">
        <NewToken />
        <Section title={t("yours")} description={t("yoursText")} flush>
          {tokens.length === 0 ? (
            <EmptyState title={t("none")} description={t("noneText")} />
          ) : (
            <ItemList>
              {tokens.map((token) => (
                <TokenItem key={token.id} token={token} actions={<Revoke token={token} />} />
              ))}
            </ItemList>
          )}
        </Section>
      </div>
    </div>
  );
}

function NewToken() {
  const t = useTranslations("account.tokens");
  return (
    <Section title={t("new")} description={t("newText")}>
      <ActionForm action={createTokenAction} aria-label={t("new")}>
        <RevealedSecret label={t("yourNew")}>
          <p className="mt-3">{t.rich("sendAs", CODED)}</p>
        </RevealedSecret>
        <TextField
          name="name"
          label={t("name")}
          hint={t("nameHint")}
          maxLength={NAME_LENGTH_MAX}
          autoComplete="off"
          fieldClassName="sm:max-w-md"
          required
        />
        <SelectField
          name="lifetimeDays"
          label={t("endsAfter")}
          defaultValue={String(LIFETIME_DAYS_DEFAULT)}
          fieldClassName="sm:max-w-md"
        >
          {LIFETIMES_DAYS.map((days) => (
            <option key={days} value={days}>
              {t("days", { count: days })}
            </option>
          ))}
        </SelectField>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium text-ink text-sm">{t("reaches")}</legend>
          <CheckboxField name="read" label={t("read")} hint={t("readHint")} defaultChecked />
          <CheckboxField name="write" label={t("write")} hint={t("writeHint")} />
        </fieldset>
        <div>
          <SubmitButton>{t("make")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

function Revoke({ token: { id, name } }: { token: PersonalToken }) {
  const t = useTranslations("account.tokens");
  return (
    <ConfirmDialog
      trigger={t("revoke")}
      triggerLabel={t("revokeThis", { name })}
      title={t("revokeTitle", { name })}
      description={t("revokeText")}
      confirmLabel={t("revokeToken")}
      action={revokeTokenAction}
      fields={{ tokenId: id }}
    />
  );
}
