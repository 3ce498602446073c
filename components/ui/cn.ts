/** Names of one group set the same property. One that ends in `*` stands for all that start so. */
const GROUPS: Readonly<Record<string, string>> = {
  display: "block|inline-block|inline|flex|inline-flex|grid|inline-grid|table|hidden",
  position: "static|fixed|absolute|relative|sticky",
  direction: "flex-row|flex-row-reverse|flex-col|flex-col-reverse",
  wrapping: "flex-wrap|flex-nowrap",
  "font-size":
    "text-2xs|text-xs|text-sm|text-base|text-lg|text-xl|text-2xl|text-5xl|text-6xl|text-7xl|text-[*",
  "text-align": "text-start|text-center|text-end",
  "text-wrap": "text-balance|text-pretty|text-nowrap",
  weight: "font-normal|font-medium|font-semibold",
  line: "underline|no-underline",
  "line-width": "decoration-1",
  "object-side": "object-left|object-right",
  filter: "filter",
  border: "border|border-0",
  "border-collapse": "border-separate|border-collapse",
  "outline-style": "outline-none",
  "outline-width": "outline-2",
  "stroke-width": "stroke-[*",
};

/** Each of these is the start of a group of its own. */
const STARTS =
  "p|px|py|ps|pe|pt|pb|m|mx|my|ms|me|mt|mb|gap|gap-x|gap-y|space-y|size|w|h|min-w|min-h|max-w|max-h|" +
  "inset|inset-x|inset-y|top|bottom|start|end|z|basis|shrink|flex|items|justify|self|place-items|" +
  "grid-cols|col|row-start|leading|tracking|bg|divide-y|rounded|opacity|overflow|overflow-x|overflow-y|" +
  "border-x|border-y|border-s|border-e|border-t|border-b|border-spacing|" +
  "transition|duration|ease|animate|translate-x|translate-y|rotate|scale|scale-x|origin|cursor|select|" +
  "appearance|pointer-events|whitespace|wrap|list|fill|accent|outline-offset|underline-offset|" +
  "scroll-mt|scroll-ps|scroll-pt|truncate|sr-only|visible|object";

/** The same, where what follows names a colour, a family or a shade. */
const LOOSE = "text|font|border|divide|shadow|outline|stroke|decoration|break";

/** What a group of the first kind sets besides. */
const COVERS: Readonly<Record<string, string>> = {
  overflow: "overflow-x|overflow-y",
  inset: "inset-x|inset-y|start|end|top|bottom",
  "inset-x": "start|end",
  "inset-y": "top|bottom",
  flex: "basis|shrink",
  gap: "gap-x|gap-y",
  p: "px|py|ps|pe|pt|pb",
  px: "ps|pe",
  py: "pt|pb",
  m: "mx|my|ms|me|mt|mb",
  mx: "ms|me",
  my: "mt|mb",
  size: "w|h",
  "font-size": "leading",
  border: "border-x|border-y|border-s|border-e|border-t|border-b",
  "border-x": "border-s|border-e",
  "border-y": "border-t|border-b",
};

const groups = new Map<string, string>();
for (const [group, names] of Object.entries(GROUPS))
  for (const name of names.split("|")) groups.set(name, group);
for (const start of STARTS.split("|")) groups.set(`${start}*`, start);
for (const start of LOOSE.split("|")) groups.set(`${start}*`, `${start}-look`);

/** The group of a class without its variants; null for one that shares its property with no other. */
function groupOf(name: string): string | null {
  const bare = name.startsWith("-") ? name.slice(1) : name;
  const exact = groups.get(bare) ?? groups.get(`${bare}*`);
  if (exact !== undefined) return exact;
  if (bare.startsWith("[")) return bare.slice(0, bare.indexOf(":"));
  const bracket = bare.indexOf("[");
  const arbitrary = bracket > 0 && groups.get(`${bare.slice(0, bracket + 1)}*`);
  if (arbitrary) return arbitrary;
  for (let end = bare.lastIndexOf("-"); end > 0; end = bare.lastIndexOf("-", end - 1)) {
    const group = groups.get(`${bare.slice(0, end)}*`);
    if (group !== undefined) return group;
  }
  return null;
}

/** `md:hover:` of `md:hover:p-2`. A colon within brackets belongs to a value. */
function variantsOf(name: string): string {
  let depth = 0;
  let end = 0;
  for (let index = 0; index < name.length; index += 1) {
    const char = name[index];
    if (char === "[" || char === "(") depth += 1;
    else if (char === "]" || char === ")") depth -= 1;
    else if (char === ":" && depth === 0) end = index + 1;
  }
  return name.slice(0, end);
}

const known = new Map<string, string>();

function merge(classes: string): string {
  const found = known.get(classes);
  if (found !== undefined) return found;
  const taken = new Set<string>();
  const kept: string[] = [];
  const names = classes.trim().split(/\s+/);
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const name = names[index] ?? "";
    const variants = variantsOf(name);
    const group = groupOf(name.slice(variants.length));
    if (group !== null) {
      if (taken.has(variants + group)) continue;
      taken.add(variants + group);
      for (const covered of COVERS[group]?.split("|") ?? []) taken.add(variants + covered);
    }
    kept.unshift(name);
  }
  const merged = kept.join(" ");
  known.set(classes, merged);
  return merged;
}

/** Joins class names; of two that set the same property, the later one stays. */
export const cn = (...classes: (string | false | 0 | 0n | null | undefined)[]): string =>
  merge(classes.filter(Boolean).join(" "));
