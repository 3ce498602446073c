import { Smartphone } from "lucide-react";
import { useTranslations } from "#translations";
import { removeTotpAction, startTotpAction } from "@/app/(account)/account/security/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";

/** The authenticator app of the page's user. */
export function AuthenticatorSection({ enrolled }: { enrolled: boolean }) {
  const t = useTranslations("account-security.authenticator");
  return (
    <Section title={t("section")} flush>
      <ItemList>
        <Item
          leading={<Smartphone aria-hidden="true" />}
          title={t("codes")}
          aside={enrolled && <Badge tone="success">{t("on")}</Badge>}
          actions={
            enrolled ? (
              <ConfirmDialog
                trigger={t("remove")}
                triggerLabel={t("removeThis")}
                variant="secondary"
                title={t("removeTitle")}
                description={t("removeText")}
                confirmLabel={t("remove")}
                action={removeTotpAction}
              />
            ) : (
              <ActionForm action={startTotpAction} aria-label={t("title")}>
                <SubmitButton variant="secondary">{t("setUp")}</SubmitButton>
              </ActionForm>
            )
          }
        >
          {t(enrolled ? "enrolled" : "notEnrolled")}
        </Item>
      </ItemList>
    </Section>
  );
}
