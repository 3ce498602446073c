import { useTranslations } from "#translations";
import { changePictureAction, removePictureAction } from "@/app/(account)/account/profile/actions";
import { ActionForm } from "@/components/form/action-form";
import { FileField } from "@/components/form/file-field";
import { SubmitButton } from "@/components/form/submit-button";
import { Avatar } from "@/components/ui/avatar";
import { Section } from "@/components/ui/card";
import { ownPictureHref, PICTURE_BYTES_MAX, PICTURE_TYPES } from "@/lib/shared/picture";
import type { Principal } from "@/lib/shared/principal";

/** The caller's picture, which stands where else their initials do (F106). */
export function PictureSection({
  principal,
  digest,
}: {
  principal: Principal;
  /** Of the present one; null where there is none. */
  digest: string | null;
}) {
  const t = useTranslations("profile.picture");
  return (
    <Section title={t("title")} description={t("description")}>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-5">
        <Avatar
          name={principal.name ?? principal.email}
          picture={digest && ownPictureHref(digest)}
          size="lg"
        />
        <div className="flex min-w-0 max-w-md flex-1 basis-64 flex-col gap-3">
          <ActionForm action={changePictureAction} aria-label={t("form")}>
            <FileField
              name="picture"
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
          {digest !== null && (
            <ActionForm action={removePictureAction} aria-label={t("remove")}>
              <div>
                <SubmitButton variant="secondary">{t("remove")}</SubmitButton>
              </div>
            </ActionForm>
          )}
        </div>
      </div>
    </Section>
  );
}
