import { Badge } from "@/components/ui/badge";

const LOOK = {
  active: { tone: "success", label: "Active" },
  pending: { tone: "info", label: "Invited" },
  disabled: { tone: "neutral", label: "Disabled" },
} as const;

export type UserStatus = keyof typeof LOOK;

export const STATUS_OPTIONS = Object.entries(LOOK).map(([value, { label }]) => ({ value, label }));

/** Whether the user can sign in. */
export function UserStatusBadge({ status }: { status: UserStatus }) {
  const { tone, label } = LOOK[status];
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}
