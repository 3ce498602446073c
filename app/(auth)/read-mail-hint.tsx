import { useTranslations } from "#translations";
import { Callout } from "@/components/ui/callout";
import { linkTo } from "@/components/ui/text-link";
import { mailsAreReadable } from "@/lib/platform/mail/readable-mail";
import { smsSender } from "@/lib/platform/sms/sms-senders";

/** Where messages go that nobody sends, on a machine of one's own. */
export function ReadMailHint({ channel = "mail" }: { channel?: "mail" | "sms" }) {
  const t = useTranslations("auth.readMail");
  const isReadable = channel === "mail" ? mailsAreReadable() : smsSender()?.readAt === "dev-mail";
  if (!isReadable) return null;
  return (
    <Callout title={t(channel === "mail" ? "noMailServer" : "noSms")}>
      <p>
        {t.rich("text", {
          ...linkTo("/dev/mail"),
        })}
      </p>
    </Callout>
  );
}
