#pragma once

#include <map>
#include <string>
#include <vector>

namespace skillaudit {

/// A host of language models that the guest may ask, with a decoy for a key. filter/model_hosts.py
/// applies it:
///  - Only POST to one of `paths` passes, with prefix + decoy in `header` and no other credential
///  in
///    the request. What else is sent to the host, on whatever port, is blocked, and no Rule opens
///    it: with a key of its own a skill could leave data there.
///  - With an `endpoint` that one answers. Without, the request goes to the host with its key
///    (ModelKeys) in the decoy's place, and is blocked when there is none.
///  - Its flows are of group "model", and their responses are kept (Flow::response_body).
struct ModelHost {
  std::string host;  ///< "api.anthropic.com:443", as parse_host_port() spells it; always https
  /// As in a Rule, but `*` opens no query, since some providers take a key there: "/v1/messages"
  /// and "/v1/messages?beta=true" are two.
  std::vector<std::string> paths;
  std::string header;    ///< lower case: "x-api-key", "authorization"
  std::string prefix;    ///< text before the key: "", "Bearer "
  std::string decoy;     ///< what the guest was given: 8 to 512 printable ASCII characters
  std::string endpoint;  ///< "127.0.0.1:41234": who answers instead, by plain HTTP; empty: the host
  bool operator==(const ModelHost&) const = default;
};

/// ModelHost::host -> its real key. Never part of a Policy, which is written to files.
using ModelKeys = std::map<std::string, std::string>;

/// Throws Error{Usage} that says which host is wrong and why: what the filter would refuse.
void check_model_hosts(const std::vector<ModelHost>& models);

/// Throws Error{Usage}, without showing the key, for one that a header cannot contain, that is
/// part of its decoy, or whose host is not spelled as a ModelHost's is.
void check_model_keys(const ModelKeys& keys, const std::vector<ModelHost>& models);

/// "model: POST https://api.anthropic.com/v1/messages" for each path, as in Flow::rule.
[[nodiscard]] std::vector<std::string> rule_lines(const ModelHost& model);

}  // namespace skillaudit
