import { answerGatewayRequest } from "@/app/api/gateway/authorize";
import { answerWebRequest } from "@/lib/platform/http/web-mount";

// The self-hosted server answers these paths before Next sees them; this mount
// serves the same where there is only Next (D20).
const answer = (request: Request): Promise<Response> =>
  answerWebRequest(request, answerGatewayRequest);

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
