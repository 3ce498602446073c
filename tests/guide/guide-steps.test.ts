import { expect, test } from "vitest";
import { changed, stepsOf } from "@/tests/guide/guide-steps";

const PAGE = `
Words.

\`\`\`ts
// lib/x.ts
export const x = 1;
\`\`\`

\`\`\`diff
# lib/y.ts
 one
-two
+three
@@
+zero
 four
\`\`\`

\`\`\`sh
npm run a
npm run b -- c
\`\`\`
`;

test("blocks are read as the guide explains them, in their order", () => {
  expect(stepsOf(PAGE)).toEqual([
    { kind: "create", file: "lib/x.ts", content: "export const x = 1;\n" },
    {
      kind: "change",
      file: "lib/y.ts",
      hunks: [
        { before: "one\ntwo\n", after: "one\nthree\n" },
        { before: "four\n", after: "zero\nfour\n" },
      ],
    },
    { kind: "run", command: "npm run a" },
    { kind: "run", command: "npm run b -- c" },
  ]);
});

test.each(["```ts\nexport {};\n```", "```yaml\n# a.yaml\nb: 1\n```"])(
  "a block that cannot be followed stops the reader: %j",
  (block) => {
    expect(() => stepsOf(block)).toThrow(/in no language|names no file/);
  },
);

const HUNK = { before: "one\ntwo\n", after: "one\nthree\n" };

test("a change finds its lines and leaves the others alone", () => {
  expect(changed("zero\none\ntwo\nfour\n", "y", [HUNK])).toBe("zero\none\nthree\nfour\n");
  expect(changed("one\ntwo\n", "y", [HUNK])).toBe("one\nthree\n");
});

test.each(["one\n", "one\ntwo\none\ntwo\n", "  one\ntwo\n"])(
  "lines that are not there exactly once stop the reader: %j",
  (content) => {
    expect(() => changed(content, "y", [HUNK])).toThrow(/these lines/);
  },
);
