import "server-only";
import type { ConnectionRefusal } from "@/lib/federation/manage-connections";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const people = (count: number): string => (count === 1 ? "1 person" : `${count} people`);

/** Why a connection stays as it is. */
export function refusalState(refusal: ConnectionRefusal): FormState {
  if (refusal.outcome === "not-found") {
    return formError("This connection does not exist any more: somebody deleted it.");
  }
  switch (refusal.reason) {
    case "stale":
      return formError("Somebody changed this connection meanwhile. Reload the page, then decide.");
    case "issuer-in-use":
      return {
        status: "error",
        fieldErrors: {
          issuer: [
            `${people(refusal.identities)} signed in at the present issuer. Make a new connection for another one.`,
          ],
        },
      };
    case "secret-needed":
      return fieldError(
        "clientSecret",
        "Enter the secret that the new issuer gave you: the present one is for the present issuer, and is never sent to another.",
      );
    case "last-way-in":
      return refusal.own
        ? formError("It is your own only way in. Set a password or a passkey first.")
        : {
            status: "error",
            message: `${people(refusal.users)} could not sign in any more: they have no password and no passkey. Nothing is changed yet.`,
            fieldErrors: { confirm: ["Tick this to go on."] },
          };
  }
}
