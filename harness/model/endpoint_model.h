#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/model/model.h"

namespace skillaudit {

/// Where a model answers that speaks OpenAI's Chat Completions, as most servers of models do.
struct EndpointSpec {
  std::string url;   ///< "http://127.0.0.1:11434/v1", without a slash at the end
  std::string name;  ///< of the model; empty: the only one that the endpoint lists
  std::string key;   ///< sent as a bearer token; empty: none
};

/// Throws Error{Usage} for what is no such address.
void check_endpoint_url(const std::string& url);

/// Asks the endpoint what to do, whatever format the agent speaks. This host asks it, with the key:
/// the guest only ever speaks to the server in its place (ModelServer).
class EndpointModel : public Model {
 public:
  /// Throws Error{Usage} where the endpoint lists several models, or none, and no name is given,
  /// and Error{Environment} where it does not answer.
  explicit EndpointModel(EndpointSpec spec);

  [[nodiscard]] ModelReply answer(const ModelRequest& request) override;
  [[nodiscard]] const std::string& model_name() const { return spec_.name; }

 private:
  EndpointSpec spec_;
};

/// The request in OpenAI's format. Names of tools have only characters that it allows; `names` gets
/// the agent's own name of each one that was changed. Tools that the agent's own host would run, a
/// search of the web, are left out.
[[nodiscard]] nlohmann::json chat_request(const ModelRequest& request, const std::string& model,
                                          std::map<std::string, std::string>& names);

}  // namespace skillaudit
