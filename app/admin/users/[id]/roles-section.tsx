import { requestHref } from "@/app/admin/requests/address";
import { assignRolesAction } from "@/app/admin/users/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { listRequestsInForce } from "@/lib/access-requests/list-requests";
import type { Caller } from "@/lib/shared/caller";
import { type HeldRole, listAssignableRoles, type UserDetail } from "@/lib/users/list-users";

const TIMED = "roles-for-a-time";

/** What the user may do, by roles; to be changed by those who may. */
export async function RolesSection({
  caller,
  user,
  editable,
}: {
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const lasting = user.roles.filter((role) => role.expiresAt === null);
  const timed = user.roles.filter((role) => role.expiresAt !== null);
  if (!editable) {
    return (
      <Section title="Roles">
        {user.roles.length === 0 && (
          <p className="text-ink-soft text-sm">None: this user may do nothing here.</p>
        )}
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
    <Section
      title="Roles"
      description="Saved as one change, which holds from the user’s next request."
    >
      <ActionForm action={assignRolesAction} aria-label={`Roles of ${user.email}`}>
        <input type="hidden" name="id" value={user.id} />
        <RoleChoice
          roles={roles.map(({ isDefault: _, ...role }) => ({ ...role, chosen: held.has(role.id) }))}
        />
        <PreviewAnswer />
        <ConfirmLoss />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Save roles</SubmitButton>
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
  return (
    <section aria-labelledby={TIMED} className="mt-5 border-line border-t pt-4 text-sm">
      <h3 id={TIMED} className="font-medium text-ink">
        For a time
      </h3>
      <p className="text-ink-faint">
        These end by themselves. Saving roles leaves them as they are, unless you choose the same
        role: then it has no end.
      </p>
      <ul className="mt-2 space-y-2">
        {roles.map(({ id, name, expiresAt }) => {
          const request = requests.find(({ roleId }) => roleId === id);
          return (
            <li key={id} className="text-ink-soft [overflow-wrap:anywhere]">
              <span className="font-medium text-ink">{name}</span>
              {expiresAt !== null && (
                <>
                  {" "}
                  until <AbsoluteTime value={expiresAt} />
                </>
              )}
              {request !== undefined && (
                <>
                  {" · "}
                  <TextLink href={requestHref(request.id)}>
                    {request.kind === "break_glass" ? "By an emergency" : "By a request"}
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
