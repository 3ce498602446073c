import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { waysIn } from "@/app/developers/ways-in";

test.each(waysIn("https://id.example.com"))(
  "docs/call-the-api.md has the lines of: $title",
  ({ title, code }) => {
    const document = readFileSync("docs/call-the-api.md", "utf8");
    expect(document).toContain(`## ${title}\n`);
    expect(document).toContain(`\`\`\`sh\n${code}\n\`\`\`\n`);
  },
);
