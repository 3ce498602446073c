import { expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { PERMISSIONS } from "@/app/permissions";
import { ACTIONS, ENDPOINT_SURFACES, PAGES } from "./surfaces";

test("every endpoint of the API is in the inventory with the permission that it declares", () => {
  const declared = ENDPOINTS.map(({ method, path, access }) => [
    `${method} ${path}`,
    typeof access === "object" ? access.key : access,
  ]);
  const listed = Object.entries(ENDPOINT_SURFACES).map(([name, { access }]) => [name, access]);
  expect(declared.toSorted()).toEqual(listed.toSorted());
});

test("the inventory speaks of no permission that does not exist", () => {
  const surfaces = [PAGES, ACTIONS, ENDPOINT_SURFACES].flatMap((table) => Object.values(table));
  const named = surfaces.flatMap(({ access, also = [] }) => [access, ...also]);
  const known = ["anonymous", "signed-in", ...PERMISSIONS.map(({ key }) => key)];
  expect(named.filter((key) => !known.includes(key))).toEqual([]);
});
