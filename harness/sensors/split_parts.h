#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/evidence/flow.h"

namespace skillaudit {

/// Small pieces from one place of the requests to one domain, joined in their order.
struct JoinedParts {
  std::string place;  ///< "path", "query", "headers", "body", "host names"
  std::string text;
  /// For each piece where it ends in `text`, and the flow that carried it.
  std::vector<std::pair<std::size_t, std::int64_t>> ends;
};

/// Puts together what a secret may be cut into when it leaves by several requests: last and longest
/// segments of paths, values of a query by their key and of headers by their name, small bodies and
/// the longest word of each, labels of host names. What stands in one place of a request is joined
/// with the same place of the others, and with nothing else.
///
/// Bounded: pieces of at most kLongest bytes, kMostPlaces places of a domain, kMostBytes in all.
class SplitParts {
 public:
  static constexpr std::size_t kLongest = 256;
  static constexpr std::size_t kMostPlaces = 128;
  static constexpr std::size_t kMostDomains = 512;
  static constexpr std::size_t kMostBytes = 16U << 20;

  /// `headers` are lines, the request line left out.
  void add(const Flow& flow, std::string_view headers);
  void add_body(const Flow& flow, std::string_view body);

  /// Those of several pieces.
  [[nodiscard]] std::vector<JoinedParts> joined() const;
  /// False when a bound left something out.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  using Places = std::map<std::string, JoinedParts, std::less<>>;

  /// Null where there are too many domains.
  Places* places_of(const Flow& flow);
  void add(Places&, const char* place, std::string_view name, std::string_view piece,
           std::int64_t flow);

  std::map<std::string, Places, std::less<>> domains_;
  std::size_t bytes_ = 0;
  bool complete_ = true;
};

}  // namespace skillaudit
