"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { groupOffers, type Offer, type Offered } from "@/components/layout/hit-groups";
import { NavIcon } from "@/components/layout/nav-icon";
import { type Found, useFound } from "@/components/layout/use-found";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { SEARCH_LENGTH_MIN } from "@/lib/shared/search-length";

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
};

type Words = ReturnType<typeof useTranslations<"palette">>;

function describe(t: Words, { state }: Found, count: number, typed: string): string {
  if (state === "failed" || state === "searching") return t(state);
  if (count > 0) return t("count", { count });
  return typed.trim().length < SEARCH_LENGTH_MIN
    ? t("tooShort", { count: SEARCH_LENGTH_MIN })
    : t("nothing");
}

/** A combobox with a list of links (ARIA APG): the focus stays in the field, arrows choose, Enter opens. */
export function PaletteSearch({ offered, onChosen }: { offered: Offered; onChosen: () => void }) {
  const t = useTranslations("palette");
  const router = useRouter();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useFound(typed);
  const groups = groupOffers(offered, found.hits, typed);
  const offers = groups.flatMap((group) => group.offers);
  const at = Math.min(chosen, offers.length - 1);
  const optionId = (index: number) => `${id}-${index}`;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined && offers.length > 0) {
      event.preventDefault();
      setChosen(step(at, offers.length));
    }
    const offer = offers[at];
    if (event.key === "Enter" && offer !== undefined && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onChosen();
      router.push(offer.href);
    }
  };

  return (
    <>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        <input
          type="text"
          role="combobox"
          aria-label={t("label")}
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? optionId(at) : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          placeholder={t("placeholder")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={press}
          className="h-13 min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-ink-faint"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t("found")}
        className="min-h-0 flex-1 overflow-y-auto p-2 empty:p-0"
      >
        {groups.map((group) => (
          <div key={group.of} role="group" aria-label={t(`groups.${group.of}`)}>
            <p aria-hidden="true" className="px-3 pt-2 pb-1 font-medium text-ink-faint text-xs">
              {t(`groups.${group.of}`)}
            </p>
            {group.offers.map((offer) => {
              const index = offers.indexOf(offer);
              return (
                <Option
                  key={`${offer.href} ${offer.label}`}
                  id={optionId(index)}
                  offer={offer}
                  chosen={index === at}
                  onChosen={onChosen}
                />
              );
            })}
          </div>
        ))}
      </div>
      <p
        role="status"
        className={cn(
          "px-4 py-2 text-xs",
          offers.length > 0 && "border-line border-t",
          found.state === "failed" ? "text-danger" : "text-ink-soft",
        )}
      >
        {describe(t, found, offers.length, typed)}
      </p>
    </>
  );
}

function Option({
  id,
  offer: { label, detail, href, icon },
  chosen,
  onChosen,
}: {
  id: string;
  offer: Offer;
  chosen: boolean;
  onChosen: () => void;
}) {
  return (
    <Link
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      href={href}
      onClick={onChosen}
      className={cn(
        "flex items-center gap-3 rounded-md px-3 py-2 text-sm",
        chosen ? "bg-ink/6 text-ink" : "text-ink-soft hover:bg-ink/4",
      )}
    >
      <NavIcon name={icon} className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 truncate">{label}</span>
      {detail !== null && <span className="min-w-0 truncate text-ink-faint text-xs">{detail}</span>}
    </Link>
  );
}
