import { useTranslations } from "#translations";
import { SubmitButton } from "@/components/form/submit-button";

/** The two answers to what an app asks for; what is not clicked is not allowed. */
export function AllowButtons() {
  const t = useTranslations("auth.allow");
  return (
    <div className="grid grid-cols-2 gap-3">
      <SubmitButton name="answer" value="deny" variant="secondary">
        {t("deny")}
      </SubmitButton>
      <SubmitButton name="answer" value="allow">
        {t("allow")}
      </SubmitButton>
    </div>
  );
}
