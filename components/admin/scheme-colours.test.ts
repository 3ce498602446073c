import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SCHEME_COLOURS } from "@/components/admin/scheme-colours";

test("the colours of a part in a scheme of its own are those of the style sheet", () => {
  const styles = readFileSync("app/globals.css", "utf8");
  const { light, dark } = SCHEME_COLOURS;
  for (const [name, value] of Object.entries(light)) {
    expect(styles).toContain(`--color-${name}: light-dark(${value}, ${dark[name]});`);
  }
  expect(Object.keys(dark)).toEqual(Object.keys(light));
});
