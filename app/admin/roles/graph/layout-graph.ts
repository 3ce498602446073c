import "server-only";
import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";
import type { GraphRole } from "@/lib/authz/role-graph";

/** In pixels; the text is cut so that it fits. */
export const BOX = { width: 176, height: 40 } as const;
const TEXT_MAX = 20;

export interface DrawnRole {
  id: string;
  name: string;
  label: string;
  /** The middle of its box. */
  x: number;
  y: number;
}

export interface DrawnGraph {
  width: number;
  height: number;
  roles: DrawnRole[];
  /** From the heir to what it inherits, as the path of a line. */
  lines: { key: string; path: string }[];
}

const short = (name: string): string =>
  name.length <= TEXT_MAX ? name : `${name.slice(0, TEXT_MAX - 1).trimEnd()}…`;

/** Whole pixels, so that the same graph is the same text. */
const point = ({ x, y }: { x: number; y: number }): string => `${Math.round(x)} ${Math.round(y)}`;

/** Heirs above what they inherit, in layers; a role without either is not drawn. */
export function layoutGraph(all: readonly GraphRole[]): DrawnGraph {
  const roles = all.filter(({ inherits, heirs }) => inherits.length + heirs.length > 0);
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>();
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 56, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of roles) graph.setNode(id, { ...BOX });
  for (const { id, inherits } of roles) {
    for (const inherited of inherits) graph.setEdge(id, inherited);
  }
  if (roles.length > 0) layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    roles: roles.map(({ id, name }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return { id, name, label: short(name), x: Math.round(x), y: Math.round(y) };
    }),
    lines: graph.edges().map((edge) => {
      const points = graph.edge(edge).points ?? [];
      return { key: `${edge.v} ${edge.w}`, path: `M ${points.map(point).join(" L ")}` };
    }),
  };
}
