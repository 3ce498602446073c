import { useTranslations } from "#translations";
import { changeLogoAction, removeLogoAction } from "@/app/admin/branding/actions";
import { SchemeGround } from "@/components/admin/scheme-ground";
import { ActionForm } from "@/components/form/action-form";
import { FileField } from "@/components/form/file-field";
import { SubmitButton } from "@/components/form/submit-button";
import { Section } from "@/components/ui/card";
import type { Scheme } from "@/lib/shared/accent";
import { PICTURE_BYTES_MAX, PICTURE_TYPES } from "@/lib/shared/picture";

/** The logo of one scheme, on the ground that it is shown on. */
export function LogoSection({ scheme, href }: { scheme: Scheme; href: string | null }) {
  const t = useTranslations("branding.logo");
  const which = <input type="hidden" name="scheme" value={scheme} />;
  return (
    <Section title={t(`${scheme}.title`)} description={t(`${scheme}.description`)}>
      <div className="flex max-w-md flex-col gap-4">
        {href !== null && (
          <SchemeGround scheme={scheme} label={t(`${scheme}.title`)}>
            {/* oxlint-disable-next-line nextjs/no-img-element -- drawn by us in the size that it is shown in */}
            <img src={href} alt="" className="h-9 w-auto max-w-44" />
          </SchemeGround>
        )}
        <ActionForm action={changeLogoAction} aria-label={t(`${scheme}.form`)}>
          {which}
          <FileField
            name="logo"
            label={t("file")}
            accept={PICTURE_TYPES}
            bytesMax={PICTURE_BYTES_MAX}
            tooLarge={t("tooLarge")}
            hint={t("hint")}
            required
          />
          <div>
            <SubmitButton>{t("save")}</SubmitButton>
          </div>
        </ActionForm>
        {href !== null && (
          <ActionForm action={removeLogoAction} aria-label={t(`${scheme}.remove`)}>
            {which}
            <div>
              <SubmitButton variant="secondary">{t("remove")}</SubmitButton>
            </div>
          </ActionForm>
        )}
      </div>
    </Section>
  );
}
