#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "harness/traffic/rule.h"

namespace skillaudit {

/// One answer of a stub.
struct StubReply {
  enum class Failure {
    None,
    Close,    ///< the connection ends without an answer
    Timeout,  ///< no answer comes
  };

  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds delay{0};
  Failure failure = Failure::None;
  bool operator==(const StubReply&) const = default;
};

/// The answers to the requests that a rule matches, in their order; the last one repeats.
struct Stub {
  Rule request;
  std::vector<StubReply> replies;  ///< at least one
  bool operator==(const Stub&) const = default;
};

/// A field of an answer that a skill's code reads.
struct ExpectedField {
  std::string name;   ///< "enabled"
  std::string value;  ///< what the code compares it with; empty: unknown
  bool operator==(const ExpectedField&) const = default;
};

/// What the proxy answers by itself to requests that no rule allows. Nothing of them leaves this
/// host: in the flow log they are not allowed, but answered.
struct Answers {
  /// Every host answers as an ordinary server would. Otherwise only the stubs do, and everything
  /// else is blocked.
  bool everybody = false;
  /// Asked before `everybody`; the first that matches answers.
  std::vector<Stub> stubs;
  /// For answers in JSON, so that the skill finds in them what it looks for.
  std::vector<ExpectedField> expected;
  bool operator==(const Answers&) const = default;
};

}  // namespace skillaudit
