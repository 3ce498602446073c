import type { ReactNode } from "react";
import { getTranslations } from "@/app/_locale/translations";
import { requestHref } from "@/app/admin/requests/address";
import { assignRolesAction } from "@/app/admin/users/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { listRequestsInForce } from "@/lib/access-requests/list-requests";
import type { Caller } from "@/lib/shared/caller";
import { type HeldRole, listAssignableRoles, type UserDetail } from "@/lib/users/list-users";

const TIMED = "roles-for-a-time";

/** What the user may do, by roles; to be changed by those who may. */
export async function RolesSection({
  id,
  caller,
  user,
  editable,
}: {
  id: string;
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const t = await getTranslations("admin-users.roles");
  const title = (await getTranslations("admin-users.parts"))("roles");
  const lasting = user.roles.filter((role) => role.expiresAt === null);
  const timed = user.roles.filter((role) => role.expiresAt !== null);
  if (!editable) {
    return (
      <Section id={id} title={title} className="scroll-mt-20">
        {user.roles.length === 0 && <p className="text-ink-soft text-sm">{t("none")}</p>}
        {lasting.length > 0 && (
          <ul className="flex flex-wrap gap-2">
            {lasting.map((role) => (
              <li key={role.id}>
                <Badge>{role.name}</Badge>
              </li>
            ))}
          </ul>
        )}
        <TimedRoles caller={caller} userId={user.id} roles={timed} />
      </Section>
    );
  }
  const held = new Set(lasting.map((role) => role.id));
  const roles = await listAssignableRoles(caller);
  return (
    <Section id={id} className="scroll-mt-20" title={title} description={t("description")}>
      <ActionForm action={assignRolesAction} aria-label={t("of", { email: user.email })}>
        <input type="hidden" name="id" value={user.id} />
        <RoleChoice
          roles={roles.map(({ isDefault: _, ...role }) => ({ ...role, chosen: held.has(role.id) }))}
        />
        <PreviewAnswer />
        <ConfirmLoss />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>{t("save")}</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
      <TimedRoles caller={caller} userId={user.id} roles={timed} />
    </Section>
  );
}

/** What ends by itself: no box of the form, so that saving it neither ends it nor makes it last. */
async function TimedRoles({
  caller,
  userId,
  roles,
}: {
  caller: Caller;
  userId: string;
  roles: HeldRole[];
}) {
  if (roles.length === 0) return null;
  const requests = await listRequestsInForce(caller, userId);
  const t = await getTranslations("admin-users.roles");
  const role = (words: ReactNode) => <span className="font-medium text-ink">{words}</span>;
  return (
    <section aria-labelledby={TIMED} className="mt-5 border-line border-t pt-4 text-sm">
      <h3 id={TIMED} className="font-medium text-ink">
        {t("timed")}
      </h3>
      <p className="text-ink-faint">{t("timedText")}</p>
      <ul className="mt-2 space-y-2">
        {roles.map(({ id, name, expiresAt }) => {
          const request = requests.find(({ roleId }) => roleId === id);
          return (
            <li key={id} className="text-ink-soft [overflow-wrap:anywhere]">
              {expiresAt === null
                ? role(name)
                : t.rich("until", { role, name, ...timeAt(expiresAt) })}
              {request !== undefined && (
                <>
                  {" · "}
                  <TextLink href={requestHref(request.id)}>
                    {t(request.kind === "break_glass" ? "byEmergency" : "byRequest")}
                  </TextLink>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
