export { GET, OPTIONS } from "@/app/oidc/[...path]/route";
