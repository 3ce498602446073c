import { expect, test } from "vitest";
import { formatTraceparent, parseTraceparent } from "@/lib/platform/tracing/traceparent";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test("a traceparent is read as it is written", () => {
  const text = `00-${TRACE}-${SPAN}-01`;
  const context = parseTraceparent(text);
  expect(context).toEqual({ traceId: TRACE, spanId: SPAN, flags: "01" });
  expect(context && formatTraceparent(context)).toBe(text);
});

test.each([
  null,
  "",
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
])("%j says nothing", (text) => {
  expect(parseTraceparent(text)).toBeNull();
});
