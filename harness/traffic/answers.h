#pragma once

#include <vector>

#include "harness/evidence/stub.h"
#include "harness/traffic/rule.h"

namespace skillaudit {

/// The answers to the requests that a rule matches, in their order; the last one repeats.
struct Stub {
  Rule request;
  std::vector<StubReply> replies;  ///< at least one
  bool operator==(const Stub&) const = default;
};

/// What the proxy answers by itself to requests that no rule allows. Nothing of them leaves this
/// host: in the flow log they are not allowed, but answered.
struct Answers {
  /// Every host answers as an ordinary server would. Otherwise only the stubs do, and everything
  /// else is blocked.
  bool everybody = false;
  /// Asked before `everybody`; the first that matches answers.
  std::vector<Stub> stubs = {};
  /// Of the skill's own author: after `stubs`, and only where every host answers.
  std::vector<Stub> of_author = {};
  /// For answers in JSON, so that the skill finds in them what it looks for.
  std::vector<ExpectedField> expected = {};
  bool operator==(const Answers&) const = default;
};

}  // namespace skillaudit
