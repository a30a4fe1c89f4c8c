#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What one clone of an audit sent.
struct Sent {
  std::string world;  ///< as Source::world
  std::vector<Flow> flows;
  Wire wire;
  /// Secrets and canaries of its home, and what else was drawn for it. Where one is sent as it is,
  /// the search for decoys tells of it.
  std::vector<Decoy> known;
  std::function<std::string(const std::string& file)> read_kept;
};

struct SentPart {
  std::string value;  ///< raw bytes; what is known of the home stands there by its name
  Source evidence;
  std::string to;         ///< as in Dependence
  std::string where;      ///< as in Dependence
  std::int64_t flow = 0;  ///< whose part it is; 0: of none
};

/// Requests to this host's mirrors that all clones of some made, each of them as often: method,
/// host, path and query. A package manager makes many at once, in an order of the moment.
using CommonRequests = std::set<std::string>;
[[nodiscard]] CommonRequests common_requests(const std::vector<const Sent*>& clones);

/// Each part by a key that is the same in all clones that send the same: of each request whether it
/// is made, its path, query, each header, size and body; the order of all, a line for each; and
/// what went past the proxy. Requests to a model are the agent's. Those in `common` are found again
/// wherever in the order they stand.
using SentParts = std::map<std::string, SentPart>;
[[nodiscard]] SentParts sent_parts(const Sent& sent, const CommonRequests& common = {});
inline constexpr const char* kOrderOfRequests = "the order of the requests";

/// Ids of the requests of `sent` that each of `others` made too, alike in every part, the body to
/// the last byte: with other secrets in the home of one of them, they hold nothing of a secret but
/// one that is sent as it is, in the path or the headers.
[[nodiscard]] std::set<std::int64_t> sent_alike(const Sent& sent,
                                                const std::vector<const Sent*>& others);

/// `text` with each of `known` in it replaced by its name, also where it is in Base64, or is the
/// beginning of a commit's id.
[[nodiscard]] std::string with_names(std::string_view text, const std::vector<Decoy>& known);

}  // namespace skillaudit
