import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";

const TONES = { active: "success", pending: "info", disabled: "neutral" } as const;

export type UserStatus = keyof typeof TONES;

/** Whether the user can sign in. */
export function UserStatusBadge({ status }: { status: UserStatus }) {
  const t = useTranslations("admin-badges.userStatus");
  return (
    <Badge tone={TONES[status]} dot>
      {t(status)}
    </Badge>
  );
}
