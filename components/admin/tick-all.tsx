"use client";

import { Button } from "@/components/ui/button";

/** Ticks every box of a form that is called `name.N`, or none when all are ticked. Without script each is ticked by hand. */
export function TickAll({
  form,
  name,
  children,
}: {
  form: string;
  name: string;
  children: string;
}) {
  const toggle = () => {
    const found = document.getElementById(form);
    if (!(found instanceof HTMLFormElement)) return;
    const boxes = [...found.elements].filter(
      (element): element is HTMLInputElement =>
        element instanceof HTMLInputElement &&
        element.type === "checkbox" &&
        element.name.startsWith(`${name}.`),
    );
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  };
  return (
    <Button variant="ghost" size="sm" onClick={toggle} className="no-script:hidden">
      {children}
    </Button>
  );
}
