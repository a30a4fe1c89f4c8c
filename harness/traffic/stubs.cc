#include "harness/traffic/stubs.h"

namespace skillaudit {

std::vector<Stub> stubs_of(const std::vector<GivenStub>& given, ErrorKind blame) {
  std::vector<Stub> stubs;
  for (const GivenStub& stub : given) {
    try {
      stubs.push_back({.request = parse_rule(stub.request, "stub"), .replies = stub.replies});
    } catch (const Error& e) {
      fail(blame, "{}: {}", stub.place, e.what());
    }
  }
  return stubs;
}

}  // namespace skillaudit
