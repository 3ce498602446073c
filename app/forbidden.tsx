import { notedDenial } from "@/app/_http/denial";

export default function Forbidden() {
  const denial = notedDenial();
  return <main>Forbidden {denial?.decisionId ?? "none"} {denial?.permission.key}</main>;
}
