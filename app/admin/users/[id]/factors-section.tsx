import { useTranslations } from "#translations";
import { getTranslations } from "@/app/_locale/translations";
import { resetFactorsAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TextField } from "@/components/form/text-field";
import { timeAt } from "@/components/ui/absolute-time";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { timeAgo } from "@/components/ui/relative-time";
import { describeFactors, type FactorDescription } from "@/lib/credentials/describe-factors";
import type { Translator } from "@/lib/platform/locale/translator";
import type { UserDetail } from "@/lib/users/list-users";

type Words = Translator<"admin-users.factors">;

/** What the user signs in with, and the way to help them when they have lost it. */
export async function FactorsSection({
  id,
  user,
  editable,
}: {
  id: string;
  user: UserDetail;
  editable: boolean;
}) {
  const factors = await describeFactors(user.id);
  const t = await getTranslations("admin-users.factors");
  const title = (await getTranslations("admin-users.parts"))("factors");
  const { phone, recoveryCodesLeft } = factors;
  return (
    <Section
      id={id}
      title={title}
      description={t("description")}
      className="scroll-mt-20"
      actions={editable && hasSecondFactor(factors) && <Reset userId={user.id} />}
    >
      <DescriptionList
        items={[
          { term: t("password"), value: passwordOf(factors, t) },
          { term: t("passkeys"), value: <Passkeys factors={factors} /> },
          { term: t("totp"), value: authenticatorOf(factors, t) },
          { term: t("sms"), value: phone ?? t("none") },
          {
            term: t("recoveryCodes"),
            value: recoveryCodesLeft === 0 ? t("none") : t("left", { count: recoveryCodesLeft }),
          },
        ]}
      />
    </Section>
  );
}

const hasSecondFactor = (factors: FactorDescription): boolean =>
  factors.passkeyCount > 0 ||
  factors.totpConfirmedAt !== null ||
  factors.phone !== null ||
  factors.recoveryCodesLeft > 0;

const passwordOf = ({ passwordChangedAt, passwordAgeDays }: FactorDescription, t: Words) =>
  passwordChangedAt === null || passwordAgeDays === null
    ? t("none")
    : t.rich("age", { count: Math.floor(passwordAgeDays), ...timeAt(passwordChangedAt) });

const authenticatorOf = ({ totpConfirmedAt, totpLastUsedAt }: FactorDescription, t: Words) =>
  totpConfirmedAt === null ? (
    t("none")
  ) : (
    <>
      {t.rich("since", timeAgo(totpConfirmedAt))} · <LastUsed at={totpLastUsedAt} />
    </>
  );

function LastUsed({ at }: { at: Date | null }) {
  const t = useTranslations("admin-users.factors");
  return at === null ? t("notUsed") : t.rich("lastUsed", timeAgo(at));
}

function Passkeys({ factors: { passkeys, passkeyCount } }: { factors: FactorDescription }) {
  const t = useTranslations("admin-users.factors");
  if (passkeyCount === 0) return t("none");
  return (
    <ul className="space-y-1.5">
      {passkeys.map(({ id, name, backedUp, createdAt, lastUsedAt }) => (
        <li key={id}>
          {name}
          <span className="text-ink-faint">
            {" "}
            · {t(backedUp ? "synced" : "oneDevice")} · {t.rich("passkeySince", timeAgo(createdAt))}{" "}
            · <LastUsed at={lastUsedAt === null ? null : new Date(lastUsedAt)} />
          </span>
        </li>
      ))}
      {passkeyCount > passkeys.length && (
        <li className="text-ink-faint">{t("more", { count: passkeyCount - passkeys.length })}</li>
      )}
    </ul>
  );
}

function Reset({ userId }: { userId: string }) {
  const t = useTranslations("admin-users.factors");
  return (
    <ConfirmDialog
      trigger={t("reset")}
      triggerLabel={t("resetLabel")}
      title={t("resetTitle")}
      description={t("resetText")}
      confirmLabel={t("reset")}
      action={resetFactorsAction}
      fields={{ id: userId }}
    >
      <TextField name="reason" label={t("reason")} hint={t("reasonHint")} required />
    </ConfirmDialog>
  );
}
