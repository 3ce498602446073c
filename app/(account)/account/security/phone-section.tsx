import { MessageSquareText } from "lucide-react";
import { getTranslations } from "@/app/_locale/translations";
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
  const t = await getTranslations("account-security.phone");
  return (
    <Section id="text-messages" title={t("section")} flush>
      <ItemList>
        <Item
          leading={<MessageSquareText aria-hidden="true" />}
          title={inUse ?? t("codes")}
          aside={inUse !== null && <Badge tone="success">{t("on")}</Badge>}
          actions={
            <>
              {offered && (
                <ButtonLink href={phonePath(undefined)} variant="secondary" size="sm">
                  {t(inUse === null ? "add" : "change")}
                </ButtonLink>
              )}
              {inUse !== null && (
                <ConfirmDialog
                  trigger={t("remove")}
                  triggerLabel={t("removeThis")}
                  variant="secondary"
                  title={t("removeTitle")}
                  description={t("removeText")}
                  confirmLabel={t("remove")}
                  action={removePhoneAction}
                />
              )}
            </>
          }
        >
          {t(described(inUse !== null, offered))}
        </Item>
      </ItemList>
    </Section>
  );
}

function described(isInUse: boolean, isOffered: boolean) {
  if (isInUse && !isOffered) return "notCounted";
  return isInUse ? "enrolled" : "offered";
}
