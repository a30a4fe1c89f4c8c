// https://platform.openai.com/docs/guides/error-codes: both of OpenAI's formats have these.
#include "harness/model/wire.h"

namespace skillaudit::wire {
namespace {

std::string_view error_type(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 429:
      return "rate_limit_exceeded";
    default:
      return status < 500 ? "invalid_request_error" : "server_error";
  }
}

}  // namespace

Json openai_error(const ModelReply& reply) {
  const std::string type =
      reply.error_type.empty() ? std::string(error_type(reply.status)) : reply.error_type;
  return {{"error",
           {{"message", reply.error_message}, {"type", type}, {"param", nullptr}, {"code", type}}}};
}

bool read_openai_error(const Json& body, ModelReply& reply) {
  if (!body.is_object()) return false;
  const Place error = Place(body, "")["error"];
  if (!error.is_object()) return false;
  const Place type = error["type"];
  const Place code = error["code"];
  reply.error_type = type.is_string() ? type.text() : code.is_string() ? code.text() : "";
  reply.error_message = error["message"].text_or_empty();
  return true;
}

}  // namespace skillaudit::wire
