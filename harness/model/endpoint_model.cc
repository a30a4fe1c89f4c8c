#include "harness/model/endpoint_model.h"

#include <fmt/core.h>
#include <httplib.h>

#include <chrono>
#include <utility>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;

/// A small machine takes minutes for a long prompt.
constexpr std::chrono::seconds kPatience{600};
constexpr std::chrono::seconds kConnects{15};
constexpr std::size_t kShown = 300;

/// "http://127.0.0.1:11434" and "/v1".
std::pair<std::string, std::string> parts_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = url.find('/', scheme + 3);
  return {url.substr(0, path), path == std::string::npos ? "" : url.substr(path)};
}

/// What a server said, without the key: some repeat what they were sent.
std::string said(const std::string& text, const EndpointSpec& spec) {
  std::string shown = text;
  if (!spec.key.empty())
    for (std::size_t at = shown.find(spec.key); at != std::string::npos; at = shown.find(spec.key))
      shown.replace(at, spec.key.size(), "[key]");
  return printable(shorten(trim(shown), kShown));
}

httplib::Result ask(const EndpointSpec& spec, const std::string& path, const json* body) {
  const auto [host, root] = parts_of(spec.url);
  httplib::Client client(host);
  client.set_connection_timeout(kConnects);
  client.set_read_timeout(kPatience);
  client.set_write_timeout(kPatience);
  httplib::Headers headers;
  if (!spec.key.empty()) headers.emplace("Authorization", "Bearer " + spec.key);
  httplib::Result result =
      body ? client.Post(root + path, headers, json_text(*body), "application/json")
           : client.Get(root + path, headers);
  if (result && result->body.size() > kMostModelBytes)
    fail(ErrorKind::Evidence, "the model at {} answered with {}, the limit is {}", spec.url,
         human_bytes(result->body.size()), human_bytes(kMostModelBytes));
  return result;
}

std::vector<std::string> models_of(const EndpointSpec& spec) {
  const httplib::Result result = ask(spec, "/models", nullptr);
  if (!result)
    fail(ErrorKind::Environment, "the model's endpoint {} does not answer: {}", spec.url,
         httplib::to_string(result.error()));
  if (result->status != 200)
    fail(ErrorKind::Environment, "the model's endpoint {} answered {} to GET /models: {}", spec.url,
         result->status, said(result->body, spec));
  std::vector<std::string> names;
  const json listed = parse_json_or_discard(result->body);
  if (listed.is_object() && listed.contains("data") && listed["data"].is_array())
    for (const json& model : listed["data"])
      if (model.is_object() && model.contains("id") && model["id"].is_string())
        names.push_back(model["id"].get<std::string>());
  return names;
}

}  // namespace

void check_endpoint_url(const std::string& url) {
  const std::size_t start = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const std::string host = url.substr(start, url.find('/', start) - start);
  if (start > 0 && !host.empty() && host.find_first_of("@ ?#") == std::string::npos &&
      url.find_first_of(" ?#\r\n") == std::string::npos)
    return;
  fail(ErrorKind::Usage,
       "--model {}: give `obedient`, `live`, or the address of an OpenAI-compatible endpoint such "
       "as http://127.0.0.1:11434/v1; a key goes into SKILLAUDIT_MODEL_KEY",
       printable(shorten(url, kShown)));
}

EndpointModel::EndpointModel(EndpointSpec spec) : spec_(std::move(spec)) {
  while (spec_.url.ends_with('/')) spec_.url.pop_back();
  if (!spec_.name.empty()) return;
  const std::vector<std::string> names = models_of(spec_);
  if (names.size() != 1)
    fail(ErrorKind::Usage, "the endpoint {} lists {}: give one with --model-name", spec_.url,
         names.empty() ? "no model" : "the models " + said(join(names, ", "), spec_));
  spec_.name = names.front();
}

ModelReply EndpointModel::answer(const ModelRequest& request) {
  std::map<std::string, std::string> names;
  const json body = chat_request(request, spec_.name, names);
  const httplib::Result result = ask(spec_, "/chat/completions", &body);
  if (!result)
    fail(ErrorKind::Evidence, "the model at {} does not answer: {}", spec_.url,
         httplib::to_string(result.error()));
  if (result->status != 200) {
    // The agent decides whether it asks again.
    ModelReply refused{.status = result->status};
    refused.error_message = fmt::format("the model at {} answered {}: {}", spec_.url,
                                        result->status, said(result->body, spec_));
    return refused;
  }
  ModelReply reply = parse_reply(ModelApi::OpenAiChat, 200, result->body);
  for (ToolCall& call : reply.calls)
    if (const auto own = names.find(call.name); own != names.end()) call.name = own->second;
  return reply;
}

}  // namespace skillaudit
