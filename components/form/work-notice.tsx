import { Callout } from "@/components/ui/callout";

/** Says what the browser works on, and how far it is, before an attempt counts (F119). */
export function WorkNotice({ done }: { done: number }) {
  return (
    <Callout role="status" title="Your browser does a short calculation first">
      <p>
        There were several attempts before this one, so that it costs your browser a few seconds. It
        goes on by itself; what you entered stays as it is.
      </p>
      <progress
        value={done}
        max={1}
        aria-label="Calculation"
        className="mt-3 block h-1.5 w-full accent-accent"
      />
    </Callout>
  );
}
