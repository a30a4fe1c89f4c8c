#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TraceBuilder;

std::vector<std::string> network(const testing::AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings)
    if (finding.rule.starts_with("network.") || finding.rule == "documentation.undocumented-host")
      rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  return rules;
}

/// A request that calls itself apt's, by whoever connected to the proxy before.
struct Asked : TraceBuilder {
  explicit Asked(const std::string& program, int status = 200) {
    evidence.trace.began_at = 1000;
    evidence.environment.addresses = {.guest = "10.0.2.15",
                                      .gateway = "10.0.2.2",
                                      .resolver = "10.0.2.3",
                                      .proxy = "10.0.2.100",
                                      .proxy_port = 3128};
    document("Asks `mirror.example.com`.\n");
    fork(kShell, 101).exec(101, kShell, {program, "x"});
    TraceEvent& connect = event(TraceKind::Connect, 101);
    connect.address = "10.0.2.100";
    connect.port = 3128;
    Flow flow = request("GET", "mirror.example.com", "/debian/pool/main/t/tide/tide_1.deb");
    flow.user_agent = "Debian APT-HTTP/1.3 (2.6.1)";
    flow.time = 1000 + connect.time_s + 0.1;
    flow.allowed = true;
    flow.group = "mirrors";
    flow.status = status;
    add(flow);
  }
  Asked& carries(std::size_t bytes) {
    evidence.unexplained.push_back({source::flow(1), "path", "8f3aa90c44d1be5520aa", bytes});
    return *this;
  }
};

TEST(PackageFlows, AptsOwnRequestCarriesWhatItLikes) {
  EXPECT_THAT(network(Asked("/usr/lib/apt/methods/http").carries(40)), IsEmpty());
}

TEST(PackageFlows, AUserAgentMakesNoPackageManager) {
  EXPECT_THAT(network(Asked("curl").carries(40)), ElementsAre("network.unexpected-host HIGH"));
  EXPECT_THAT(network(Asked("curl")), IsEmpty()) << "a twin that asks for what is visible";
}

TEST(PackageFlows, WhatTheMirrorDoesNotHaveIsNoPackage) {
  EXPECT_THAT(network(Asked("/usr/lib/apt/methods/http", 404).carries(40)),
              ElementsAre("network.unexpected-host HIGH"));
}

}  // namespace
}  // namespace skillaudit
