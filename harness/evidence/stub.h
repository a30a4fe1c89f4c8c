#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

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
  std::string from = {};  ///< the file whose content is the body, until it was read
  std::chrono::milliseconds delay{0};
  Failure failure = Failure::None;
  bool operator==(const StubReply&) const = default;
};

/// A stub as somebody wrote it (skill/stubs.h). traffic/stubs.h reads its request.
struct GivenStub {
  std::string request;             ///< "GET https://api.example.com/v1/*"
  std::vector<StubReply> replies;  ///< at least one; the last repeats
  std::string place = {};          ///< "audit.yaml:7:5", for complaints
  bool operator==(const GivenStub&) const = default;
};

/// A field of a server's answer that a skill's code reads.
struct ExpectedField {
  /// "enabled", "flags.beta", "items[].name". Empty: the whole answer. ":status": its status,
  /// ":interpreter": what runs it ("sh", "python", "javascript").
  std::string name;
  std::string value;  ///< what the code compares it with; empty: unknown
  bool operator==(const ExpectedField&) const = default;
};

}  // namespace skillaudit
