import { ClientWords } from "@/app/_locale/client-words";
import { type LiveProps, LiveWatch } from "@/components/ui/live-watch";

/**
 * Looks whether what a page shows has changed, while the tab is seen, and says so. What is read stays where
 * it is until somebody asks for the new state; with `follow`, for pages in which nothing moves, it is drawn
 * anew while somebody is there. It can be paused (WCAG 2.2.2), looks less often after failures, stops for
 * whoever may not read it any more, and keeps no session from ending. Without script there is none of it.
 */
export function LiveUpdates(props: LiveProps) {
  return (
    <ClientWords areas={["live"]}>
      {/* oxlint-disable-next-line react/purity -- rendered once per request, on the server */}
      <LiveWatch {...props} drawn={String(Date.now())} />
    </ClientWords>
  );
}
