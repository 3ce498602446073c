import { getTranslations } from "@/app/_locale/translations";
import { updateProfileAction } from "@/app/admin/users/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Avatar } from "@/components/ui/avatar";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import type { Translator } from "@/lib/platform/locale/translator";
import { pictureHref } from "@/lib/shared/picture";
import type { UserDetail } from "@/lib/users/list-users";
import { listPictureDigests } from "@/lib/users/picture";

const PROVIDERS = ["google", "github"] as const;

function signInMethods(
  { hasPassword, providers }: UserDetail,
  t: Translator<"admin-users">,
): string {
  const methods = [
    ...(hasPassword ? [t("new.password")] : []),
    ...providers.map((provider) => {
      const known = PROVIDERS.find((name) => name === provider);
      return known === undefined ? provider : t(`profile.providers.${known}`);
    }),
  ];
  return methods.length === 0 ? t("profile.noneYet") : methods.join(", ");
}

/** Who the user is, to be changed by those who may. */
export async function ProfileSection({
  id,
  user,
  editable,
}: {
  id: string;
  user: UserDetail;
  editable: boolean;
}) {
  const digest = (await listPictureDigests([user.id])).get(user.id);
  const t = await getTranslations("admin-users");
  return (
    <Section id={id} title={t("parts.profile")} className="scroll-mt-20">
      <Avatar
        name={user.name ?? user.email}
        picture={digest === undefined ? null : pictureHref(user.id, digest)}
        size="lg"
        className="mb-6"
      />
      {editable && (
        <ActionForm
          action={updateProfileAction}
          aria-label={t("profile.of", { email: user.email })}
          className="mb-6 max-w-md"
        >
          <input type="hidden" name="id" value={user.id} />
          <TextField
            name="email"
            label={t("table.email")}
            type="email"
            autoComplete="off"
            defaultValue={user.email}
            hint={t("profile.emailHint")}
            required
          />
          <TextField
            name="name"
            label={t("table.name")}
            autoComplete="off"
            maxLength={100}
            defaultValue={user.name ?? ""}
            optional
          />
          <div>
            <SubmitButton>{t("profile.save")}</SubmitButton>
          </div>
        </ActionForm>
      )}
      <DescriptionList
        items={[
          ...(editable
            ? []
            : [
                { term: t("table.email"), value: user.email },
                { term: t("table.name"), value: user.name ?? "–" },
              ]),
          { term: t("profile.signsInWith"), value: signInMethods(user, t) },
          { term: t("table.created"), value: <AbsoluteTime value={user.createdAt} /> },
          {
            term: t("table.lastSignIn"),
            value:
              user.lastSignInAt === null ? (
                t("table.never")
              ) : (
                <AbsoluteTime value={user.lastSignInAt} />
              ),
          },
          { term: t("profile.id"), value: <Code>{user.id}</Code> },
        ]}
      />
    </Section>
  );
}
