import { useTranslations } from "#translations";
import { SelectField } from "@/components/form/text-field";
import type { TreeTeam } from "@/lib/teams/list-teams";

/** Every place that a team can have: below no team that is within itself. */
export function ParentField({
  tree,
  except,
  parentId,
}: {
  tree: TreeTeam[];
  /** The team that is placed, and all within it, are no place for it. */
  except?: string;
  parentId: string | null;
}) {
  const t = useTranslations("admin-teams.place");
  const own = tree.findIndex(({ id }) => id === except);
  const depth = tree[own]?.depth ?? 0;
  const after = tree.findIndex((team, place) => place > own && team.depth <= depth);
  const end = after === -1 ? tree.length : after;
  const places = own === -1 ? tree : [...tree.slice(0, own), ...tree.slice(end)];
  return (
    <SelectField name="parentId" label={t("label")} hint={t("hint")} defaultValue={parentId ?? ""}>
      <option value="">{t("top")}</option>
      {places.map((team) => (
        <option key={team.id} value={team.id}>
          {`${"– ".repeat(team.depth)}${team.name}`}
        </option>
      ))}
    </SelectField>
  );
}
