#pragma once

#include <functional>
#include <map>
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
  std::string to;     ///< as in Dependence
  std::string where;  ///< as in Dependence
};

/// Each part by a key that is the same in all clones that send the same: of each request whether it
/// is made, its path, query, each header, size and body; the order of all; and what went past the
/// proxy. Requests to a model are the agent's.
using SentParts = std::map<std::string, SentPart>;
[[nodiscard]] SentParts sent_parts(const Sent& sent);

/// `text` with each of `known` in it replaced by its name, also where it is in Base64, or is the
/// beginning of a commit's id.
[[nodiscard]] std::string with_names(std::string_view text, const std::vector<Decoy>& known);

}  // namespace skillaudit
