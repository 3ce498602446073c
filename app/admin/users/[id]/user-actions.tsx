import {
  deleteUserAction,
  disableUserAction,
  enableUserAction,
  sendLinkAction,
} from "@/app/admin/users/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import type { UserDetail } from "@/lib/users/list-users";

/** What can be done to the user as a whole. Each asks before it happens. */
export function UserActions({ user }: { user: UserDetail }) {
  const fields = { id: user.id };
  return (
    <>
      {user.status !== "disabled" && (
        <ConfirmDialog
          trigger={user.status === "pending" ? "Invite again" : "Send reset link"}
          variant="secondary"
          size="md"
          title={user.status === "pending" ? "Send the invitation again?" : "Send a reset link?"}
          description={`${user.email} gets a mail with a link to choose a password. Earlier links stop working.`}
          confirmLabel="Send mail"
          tone="primary"
          action={sendLinkAction}
          fields={fields}
        />
      )}
      {user.status === "disabled" ? (
        <ConfirmDialog
          trigger="Enable"
          variant="secondary"
          size="md"
          title={`Enable ${user.email}?`}
          description="The user can sign in again, with the roles they had."
          confirmLabel="Enable user"
          tone="primary"
          action={enableUserAction}
          fields={fields}
        />
      ) : (
        <ConfirmDialog
          trigger="Disable"
          variant="secondary"
          size="md"
          title={`Disable ${user.email}?`}
          description="Every session ends at once, and the user cannot sign in until somebody enables them."
          confirmLabel="Disable user"
          action={disableUserAction}
          fields={fields}
        >
          <ConfirmLoss />
        </ConfirmDialog>
      )}
      <ConfirmDialog
        trigger="Delete"
        size="md"
        title={`Delete ${user.email}?`}
        description="Sessions, ways to sign in and roles go with the user. This cannot be undone. The audit log keeps what they did."
        confirmLabel="Delete user"
        action={deleteUserAction}
        fields={fields}
      >
        <ConfirmLoss />
      </ConfirmDialog>
    </>
  );
}
