import { answerOidcWebRequest } from "@/lib/oidc/web-handler";
import { factsFromHeaders } from "@/lib/platform/http/lane";

// The self-hosted server answers these paths before Next sees them; this mount
// runs the same engine where there is only Next (D20).
const answer = (request: Request): Promise<Response> =>
  answerOidcWebRequest(
    request,
    factsFromHeaders((name) => request.headers.get(name)),
  );

export { answer as DELETE, answer as GET, answer as OPTIONS, answer as POST, answer as PUT };
