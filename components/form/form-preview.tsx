"use client";

import { useEffect, useId, useRef } from "react";
import { useTranslations } from "#translations";
import { usePreview } from "@/components/form/form-context";
import { SubmitButton } from "@/components/form/submit-button";
import { Callout } from "@/components/ui/callout";
import type { FormPreview } from "@/lib/shared/form-state";

/** Sends the form to be told what saving it would do. It stands after the button that saves. */
export function PreviewButton() {
  const t = useTranslations("common.form");
  return (
    <SubmitButton variant="secondary" name="intent" value="preview">
      {t("preview")}
    </SubmitButton>
  );
}

/** What saving would do, once that was asked for. What is in the form by then stays there. */
export function PreviewAnswer() {
  const t = useTranslations("common.preview");
  const preview = usePreview();
  const region = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    if (preview !== undefined) region.current?.focus();
  }, [preview]);
  if (preview === undefined) return null;
  const { warning, sentences, table, people, accounts = [], further } = preview;
  return (
    <section
      ref={region}
      tabIndex={-1}
      aria-labelledby={id}
      className="min-w-0 animate-rise space-y-4 rounded-lg border border-line bg-sunken p-4 text-sm"
    >
      <div>
        <h3 id={id} className="font-semibold text-ink">
          {t("title")}
        </h3>
        <p className="mt-0.5 text-ink-faint">{t("nothingYet")}</p>
      </div>
      {warning !== undefined && (
        <Callout tone="warning">
          <p className="[overflow-wrap:anywhere]">{warning}</p>
        </Callout>
      )}
      <ul className="space-y-1 text-ink-soft">
        {sentences.map((sentence) => (
          <li key={sentence} className="[overflow-wrap:anywhere]">
            {sentence}
          </li>
        ))}
      </ul>
      {table !== undefined && table.rows.length > 0 && <Figures table={table} />}
      {people.length > 0 && <Touched heading={t("people")} touched={people} />}
      {accounts.length > 0 && <Touched heading={t("serviceAccounts")} touched={accounts} />}
      {further !== undefined && <p className="text-ink-soft">{further}</p>}
    </section>
  );
}

function Touched({ heading, touched }: { heading: string; touched: FormPreview["people"] }) {
  return (
    <div>
      <h4 className="font-medium text-ink">{heading}</h4>
      <ul className="mt-1 divide-y divide-line">
        {touched.map(({ name, changes }) => (
          <li key={name} className="py-2">
            <p className="font-medium text-ink [overflow-wrap:anywhere]">{name}</p>
            {changes.map((change) => (
              <p key={change} className="text-ink-soft [overflow-wrap:anywhere]">
                {change}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Figures({ table: { columns, rows } }: { table: NonNullable<FormPreview["table"]> }) {
  const t = useTranslations("common.preview");
  return (
    // The frame takes the focus so that the arrow keys scroll it.
    <section aria-label={t("byPermission")} tabIndex={0} className="relative overflow-x-auto">
      <table className="figures w-full text-start">
        <thead>
          <tr className="text-ink-soft text-xs">
            {columns.map((column, place) => (
              <th
                key={column}
                scope="col"
                className={place === 0 ? "py-1 pe-4 font-medium" : "py-1 ps-4 text-end font-medium"}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells }) => (
            <tr key={label}>
              <th scope="row" className="py-1 pe-4 font-mono font-normal text-ink text-xs">
                {label}
              </th>
              {cells.map((cell, place) => (
                <td key={columns[place + 1]} className="py-1 ps-4 text-end">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
