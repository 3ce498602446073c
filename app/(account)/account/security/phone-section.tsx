import { MessageSquareText } from "lucide-react";
import { phonePath } from "@/app/(account)/account/security/paths";
import { removePhoneAction } from "@/app/(account)/account/security/phone/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { describeOwnPhone } from "@/lib/authn/own-phone";
import type { Caller } from "@/lib/shared/caller";

/** The telephone of the page's user; nothing where there is none and none can be added. */
export async function PhoneSection({ caller }: { caller: Caller }) {
  const { inUse, offered } = await describeOwnPhone(caller);
  if (inUse === null && !offered) return null;
  return (
    <Section id="text-messages" title="Text messages" flush>
      <ItemList>
        <Item
          leading={<MessageSquareText aria-hidden="true" />}
          title={inUse ?? "Codes by text message"}
          aside={inUse !== null && <Badge tone="success">On</Badge>}
          actions={
            <>
              {offered && (
                <ButtonLink href={phonePath(undefined)} variant="secondary" size="sm">
                  {inUse === null ? "Add a number" : "Change"}
                </ButtonLink>
              )}
              {inUse !== null && (
                <ConfirmDialog
                  trigger="Remove"
                  triggerLabel="Remove the telephone number"
                  variant="secondary"
                  title="Remove the telephone number?"
                  description="Codes sent to it will no longer sign you in."
                  confirmLabel="Remove"
                  action={removePhoneAction}
                />
              )}
            </>
          }
        >
          {describe(inUse !== null, offered)}
        </Item>
      </ItemList>
    </Section>
  );
}

function describe(isInUse: boolean, isOffered: boolean): string {
  if (isInUse && !isOffered) {
    return "Your organization does not count it as a second factor, or sends no messages now. Add a passkey or an app.";
  }
  return isInUse
    ? "When you sign in you are asked for the code that we send to it."
    : "For whoever has no app at hand. A passkey or an app protects better.";
}
