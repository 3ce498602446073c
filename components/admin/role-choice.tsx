"use client";

import { type ReactNode, useId } from "react";
import { useTranslations } from "#translations";
import { useReturnedValues } from "@/components/form/form-context";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/input";

/** For its words, where a mark stands in `<badge>`. */
const MARKED = { badge: (words: ReactNode) => <Badge>{words}</Badge> };

export interface ChoosableRole {
  id: string;
  name: string;
  description: string;
  /** Whether it is ticked to begin with. */
  chosen: boolean;
  /** Permissions in it that the person lacks: with any, it is neither theirs to give nor to take. */
  missing: string[];
}

/** The roles of one user, to be ticked. `locked` shows them only. */
export function RoleChoice({
  roles,
  locked = false,
}: {
  roles: ChoosableRole[];
  locked?: boolean;
}) {
  const t = useTranslations("admin-forms.roles");
  const returned = useReturnedValues();
  if (roles.length === 0) return <p className="text-ink-soft text-sm">{t("none")}</p>;
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t("legend")}</legend>
      <ul className="divide-y divide-line">
        {roles.map((role, place) => {
          const name = `role.${place}`;
          const chosen = returned ? returned[name] !== undefined : role.chosen;
          return (
            <li key={role.id} className="py-3 first:pt-0 last:pb-0">
              <RoleRow role={role} name={name} chosen={chosen} locked={locked} />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

function RoleRow({
  role: { id: roleId, name: roleName, description, missing },
  name,
  chosen,
  locked,
}: {
  role: ChoosableRole;
  name: string;
  chosen: boolean;
  locked: boolean;
}) {
  const id = useId();
  const t = useTranslations("admin-forms.roles");
  const beyond = missing.length > 0;
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox
        // A tick that was saved is a new default, which React gives only to a new box.
        key={String(chosen)}
        id={id}
        name={name}
        value={roleId}
        defaultChecked={chosen}
        disabled={locked || beyond}
        aria-describedby={`${id}-about`}
      />
      {/* A disabled box is not sent, and a role that is not sent would be taken away. */}
      {beyond && chosen && !locked && <input type="hidden" name={name} value={roleId} />}
      <div className="min-w-0 flex-1 text-sm">
        <label htmlFor={id} className="font-medium text-ink [overflow-wrap:anywhere]">
          {roleName}
        </label>
        <div id={`${id}-about`} className="text-ink-faint">
          {description !== "" && <p className="[overflow-wrap:anywhere]">{description}</p>}
          {beyond && !locked && (
            <p className="mt-1 [overflow-wrap:anywhere]">
              {t.rich("beyond", {
                ...MARKED,
                missing: missing.join(", "),
              })}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
