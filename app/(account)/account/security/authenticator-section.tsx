import { Smartphone } from "lucide-react";
import { removeTotpAction, startTotpAction } from "@/app/(account)/account/security/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";

/** The authenticator app of the page's user. */
export function AuthenticatorSection({ enrolled }: { enrolled: boolean }) {
  return (
    <Section title="Authenticator app" flush>
      <ItemList>
        <Item
          leading={<Smartphone aria-hidden="true" />}
          title="Codes from an app"
          aside={enrolled && <Badge tone="success">On</Badge>}
          actions={
            enrolled ? (
              <ConfirmDialog
                trigger="Remove"
                triggerLabel="Remove the authenticator app"
                variant="secondary"
                title="Remove the authenticator app?"
                description="Its codes will no longer sign you in."
                confirmLabel="Remove"
                action={removeTotpAction}
              />
            ) : (
              <ActionForm action={startTotpAction} aria-label="Set up an authenticator app">
                <SubmitButton variant="secondary">Set up</SubmitButton>
              </ActionForm>
            )
          }
        >
          {enrolled
            ? "When you sign in you are asked for the code that your app shows."
            : "An app on your phone shows a new code every 30 seconds."}
        </Item>
      </ItemList>
    </Section>
  );
}
