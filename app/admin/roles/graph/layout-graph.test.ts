import { expect, test } from "vitest";
import { BOX, layoutGraph } from "@/app/admin/roles/graph/layout-graph";
import type { GraphRole } from "@/lib/authz/role-graph";

/** Roles by their ids, each with those that it inherits. */
const graphOf = (inherits: Record<string, string[]>): GraphRole[] =>
  Object.entries(inherits).map(([id, inherited]) => ({
    id,
    name: `Role ${id}`,
    inherits: inherited,
    heirs: Object.keys(inherits).filter((other) => inherits[other]?.includes(id)),
  }));

test("a role stands above all that it inherits, and one apart is not drawn", () => {
  const graph = graphOf({ a: ["b", "c"], b: ["d"], c: ["d"], d: [], alone: [] });
  const { roles, lines, width, height } = layoutGraph(graph);
  const y = new Map(roles.map((role) => [role.id, role.y]));
  expect([...y.keys()].sort()).toEqual(["a", "b", "c", "d"]);
  for (const { id, inherits } of graph) {
    for (const other of inherits) expect(y.get(id)).toBeLessThan(y.get(other) ?? 0);
  }
  expect(lines).toHaveLength(4);
  for (const { x, y: middle } of roles) {
    expect(x + BOX.width / 2).toBeLessThanOrEqual(width);
    expect(middle + BOX.height / 2).toBeLessThanOrEqual(height);
  }
});

test("nothing to draw is an empty picture", () => {
  expect(layoutGraph(graphOf({ a: [], b: [] }))).toMatchObject({ roles: [], lines: [] });
});

test("a long name is cut to its box, and kept whole beside it", () => {
  const name = "A role with a name that goes on and on";
  const [drawn] = layoutGraph([
    { id: "a", name, inherits: ["b"], heirs: [] },
    { id: "b", name: "Short", inherits: [], heirs: ["a"] },
  ]).roles;
  expect(drawn).toMatchObject({ name, label: "A role with a name…" });
});

test("some hundred roles are laid out without one box on another", () => {
  const inherits: Record<string, string[]> = {};
  for (let index = 0; index < 300; index += 1) {
    inherits[`r${index}`] = index === 0 ? [] : [`r${Math.floor((index - 1) / 3)}`];
  }
  const { roles } = layoutGraph(graphOf(inherits));
  expect(roles).toHaveLength(300);
  const layers = Map.groupBy(roles, ({ y }) => y);
  for (const layer of layers.values()) {
    const places = layer.map(({ x }) => x).sort((a, b) => a - b);
    places.slice(1).forEach((x, index) => {
      expect(x - (places[index] ?? 0)).toBeGreaterThanOrEqual(BOX.width);
    });
  }
});
