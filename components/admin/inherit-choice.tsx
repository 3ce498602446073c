"use client";

import { useId } from "react";
import { useTranslations } from "#translations";
import { useReturnedValues } from "@/components/form/form-context";
import { Checkbox } from "@/components/ui/input";

export interface ChoosableInheritance {
  id: string;
  name: string;
  description: string;
  /** Whether it is ticked to begin with. */
  inherited: boolean;
  /** By these names it inherits the role itself, so that it cannot be inherited; null for not at all. */
  wayBack: string[] | null;
  /** Permissions in it that the person lacks: with any, it is not theirs to pass on. */
  missing: string[];
}

/** The roles that a role inherits, to be ticked. */
export function InheritChoice({ roles }: { roles: ChoosableInheritance[] }) {
  const t = useTranslations("admin-role-matrix.inherit");
  const returned = useReturnedValues();
  if (roles.length === 0) {
    return <p className="text-ink-soft text-sm">{t("none")}</p>;
  }
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t("legend")}</legend>
      <ul className="relative max-h-96 divide-y divide-line overflow-y-auto">
        {roles.map((role, place) => {
          const name = `inherits.${place}`;
          const chosen = returned ? returned[name] !== undefined : role.inherited;
          return (
            <li key={role.id} className="py-3 first:pt-1 last:pb-1">
              <InheritRow role={role} name={name} chosen={chosen} />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

function InheritRow({
  role: { id: roleId, name: roleName, description, wayBack, missing },
  name,
  chosen,
}: {
  role: ChoosableInheritance;
  name: string;
  chosen: boolean;
}) {
  const id = useId();
  const t = useTranslations("admin-role-matrix.inherit");
  const beyond = missing.length > 0;
  return (
    <div className="flex items-start gap-2.5 ps-1">
      <Checkbox
        // A tick that was saved is a new default, which React gives only to a new box.
        key={String(chosen)}
        id={id}
        name={name}
        value={roleId}
        defaultChecked={chosen}
        disabled={!chosen && (beyond || wayBack !== null)}
        aria-describedby={`${id}-about`}
      />
      <div className="min-w-0 flex-1 text-sm">
        <label htmlFor={id} className="font-medium text-ink [overflow-wrap:anywhere]">
          {roleName}
        </label>
        <div id={`${id}-about`} className="text-ink-faint [overflow-wrap:anywhere]">
          {description !== "" && <p>{description}</p>}
          {wayBack !== null && <p>{t("wayBack", { way: wayBack.join(" > ") })}</p>}
          {wayBack === null && beyond && <p>{t("beyond", { missing: missing.join(", ") })}</p>}
        </div>
      </div>
    </div>
  );
}
