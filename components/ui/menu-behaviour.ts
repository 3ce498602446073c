const GAP = 6;
const EDGE = 8;

/** Puts an open menu under its button, or over it where there is no room below. */
export function placeBelow(
  menu: HTMLElement | null,
  button: HTMLElement | null,
  align: "start" | "end",
): void {
  if (!menu || !button) return;
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = anchor.bottom + GAP;
  const top = below + height > window.innerHeight - EDGE ? anchor.top - GAP - height : below;
  const left = align === "end" ? anchor.right - width : anchor.left;
  const leftMax = document.documentElement.clientWidth - width - EDGE;
  menu.style.inset = "auto";
  menu.style.margin = "0";
  menu.style.top = `${Math.max(EDGE, top)}px`;
  menu.style.left = `${Math.max(EDGE, Math.min(left, leftMax))}px`;
}

/**
 * Which item a key leads to: the arrows go round, Home and End jump, a letter
 * finds the next item that starts with it. Undefined for every other key.
 */
export function nextItem(labels: string[], current: number, key: string): number | undefined {
  const count = labels.length;
  if (count === 0) return undefined;
  if (key === "ArrowDown") return (current + 1) % count;
  if (key === "ArrowUp") return (current <= 0 ? count : current) - 1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key.length !== 1 || key === " ") return undefined;
  const letter = key.toLocaleLowerCase();
  for (let step = 1; step <= count; step += 1) {
    const index = (current + step) % count;
    if (labels[index]?.trim().toLocaleLowerCase().startsWith(letter)) return index;
  }
  return undefined;
}
