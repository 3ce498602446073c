"use client";

import { Plus, X } from "lucide-react";
import { useContext, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import {
  type DraftGroup,
  type DraftPart,
  isGroup,
  newGroup,
  newLeaf,
} from "@/components/admin/condition-editor/draft";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { LeafPart } from "@/components/admin/condition-editor/leaf-part";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Select } from "@/components/ui/input";

const KINDS = ["all", "any", "none"] as const;

/** Deeper ones are refused by the server. */
const DEPTH_MAX = 3;

const timeZoneHere = (known: readonly string[]): string => {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return known.includes(here) ? here : "UTC";
};

/** Parts that are joined, and the buttons that add more. */
export function GroupPart({
  group,
  onChange,
  onRemove,
  isRoot = false,
  depth = 0,
}: {
  group: DraftGroup;
  onChange: (group: DraftGroup) => void;
  onRemove?: () => void;
  isRoot?: boolean;
  depth?: number;
}) {
  const id = useId();
  const t = useTranslations("conditions.editor");
  const { catalogue, showProblems } = useContext(EditorContext);
  const add = useRef<HTMLButtonElement>(null);
  const [added, setAdded] = useState<number | null>(null);
  const isEmpty = group.parts.length === 0;

  const append = (part: DraftPart) => {
    setAdded(part.id);
    onChange({ ...group, parts: [...group.parts, part] });
  };
  const replace = (part: DraftPart) =>
    onChange({ ...group, parts: group.parts.map((old) => (old.id === part.id ? part : old)) });
  const remove = (part: DraftPart) => {
    onChange({ ...group, parts: group.parts.filter((old) => old.id !== part.id) });
    // What had the focus is gone; it goes to what could bring it back.
    add.current?.focus();
  };

  return (
    <div
      className={cn(
        "min-w-0 space-y-3 rounded-md border border-line p-3",
        depth % 2 === 0 ? "bg-sunken" : "bg-surface",
      )}
    >
      {(!isRoot || !isEmpty) && (
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1 sm:max-w-60">
            <Select
              aria-label={t("joined")}
              options={KINDS.map((value) => ({ value, label: t(`groups.${value}`) }))}
              value={group.kind}
              onChange={({ target }) =>
                onChange({ ...group, kind: target.value as DraftGroup["kind"] })
              }
            />
          </div>
          {onRemove && (
            <Button variant="ghost" size="icon" aria-label={t("removeGroup")} onClick={onRemove}>
              <X aria-hidden="true" />
            </Button>
          )}
        </div>
      )}
      {!isEmpty && (
        <ul className="space-y-3">
          {group.parts.map((part) => (
            <li key={part.id} className="min-w-0">
              {isGroup(part) ? (
                <GroupPart
                  group={part}
                  onChange={replace}
                  onRemove={() => remove(part)}
                  depth={depth + 1}
                />
              ) : (
                <LeafPart
                  leaf={part}
                  onChange={replace}
                  onRemove={() => remove(part)}
                  isNew={part.id === added}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {isEmpty && !isRoot && (
        <p
          id={`${id}-empty`}
          className={cn("text-sm", showProblems ? "text-danger" : "text-ink-faint")}
        >
          {t("emptyGroup")}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          ref={add}
          size="sm"
          aria-describedby={isEmpty && !isRoot ? `${id}-empty` : undefined}
          onClick={() => append(newLeaf("role", timeZoneHere(catalogue.timeZones)))}
        >
          <Plus aria-hidden="true" />
          {t("add")}
        </Button>
        {depth < DEPTH_MAX && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => append(newGroup(group.kind === "any" ? "all" : "any"))}
          >
            <Plus aria-hidden="true" />
            {t("addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}
