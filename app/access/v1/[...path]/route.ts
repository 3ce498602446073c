import { answerApiRequest } from "@/app/api/dispatch";
import { answerWebRequest } from "@/lib/platform/http/web-mount";

// The same table as behind /api/v1, for programs that ask about access (AuthZEN 1.0).
const answer = (request: Request): Promise<Response> => answerWebRequest(request, answerApiRequest);

export {
  answer as DELETE,
  answer as GET,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
