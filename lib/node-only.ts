// Resolved through the `#node-only` import of package.json, which is null for
// edge and browser bundles: importing it makes such a build fail.
import "server-only";
