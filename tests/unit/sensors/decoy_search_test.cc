#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/sensors/decoys.h"
#include "tests/unit/sensors/decoy_flow.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FindDecoys, SeesNothingInAnInnocentFlow) {
  flow_.query = "q=hello&AKIA=1";
  flow_.user_agent = "curl/7.88.1";
  EXPECT_THAT(in_body(content("projects/tidewatch/README.md") + content(".ssh/id_ed25519.pub")),
              IsEmpty());
  EXPECT_THAT(gaps_, IsEmpty());
}

TEST_F(FindDecoys, SeesEachFileAsItIs) {
  for (const Decoy& decoy : home_.decoys) {
    EXPECT_THAT(in_body(holder(decoy)), Contains(decoy.name + " body raw"));
  }
}

TEST_F(FindDecoys, SeesEachFileThroughTheToolsThatASkillWouldUse) {
  const std::pair<const char*, const char*> ways[] = {
      {"base64", "base64"},
      {"base64 -w0", "base64"},
      {"{ printf x; cat; } | base64 -w0", "base64"},
      {"{ printf xy; cat; } | base64 -w0", "base64"},
      {"base32 -w0", "base32"},
      {"base32", "base32"},
      {"od -An -v -tx1 | tr -d ' \\n'", "hex"},
      {"od -An -v -tx1 | tr a-f A-F", "hex"},
      {"tr -d '\\000\\200-\\377' | rev", "reversed"},  // rev(1) takes text alone
      {"tr A-Za-z N-ZA-Mn-za-m", "rot13"},
      {"gzip", "gzip"},
      {"gzip | base64", "gzip in base64"},
      {"base64 | gzip", "base64 in gzip"},
      {"base64 -w0 | base64", "base64 in base64"},
      {"tar -cf - /dev/null 2>/dev/null | head -c 512; cat", "raw"},
      {"printf '{\"data\":\"'; base64 | sed ':a;N;$!ba;s/\\n/\\\\n/g;s/\\//\\\\\\//g'; printf "
       "'\"}'",
       "base64"},
      {"printf '{\"key\":\"'; sed ':a;N;$!ba;s/\\n/\\\\n/g'; printf '\"}'", "raw"},
      {"od -An -v -tx1 | tr -d '\\n' | sed 's/ /%/g'", "percent-encoding"},
  };
  for (const auto& [script, encoding] : ways) {
    std::vector<Flow> flows;
    std::vector<std::string> bodies;
    for (const Decoy& decoy : home_.decoys) {
      flow_.id = static_cast<std::int64_t>(bodies.size());
      flow_.request_body = std::to_string(bodies.size());
      flows.push_back(flow_);
      bodies.push_back(shell(script, holder(decoy)));
    }
    const auto found = find_decoys(
        home_.decoys, flows, [&](const std::string& file) { return bodies[std::stoul(file)]; });
    for (std::size_t i = 0; i < flows.size(); ++i) {
      const Decoy& decoy = home_.decoys[i];
      EXPECT_TRUE(
          std::any_of(found.begin(), found.end(),
                      [&](const DecoySighting& sighting) {
                        return sighting.decoy == decoy.name &&
                               sighting.evidence == source::flow(static_cast<std::int64_t>(i)) &&
                               sighting.where == "body" &&
                               (sighting.encoding == encoding || decoy.name != "ssh-private-key");
                      }))
          << decoy.name << " through: " << script;
    }
  }
}

TEST_F(FindDecoys, SeesTheKeyThatWasDecodedFirst) {
  const std::string decode = "grep -v -- ----- | base64 -d";
  EXPECT_THAT(in_body(shell(decode, content(".ssh/id_ed25519"))),
              ElementsAre("ssh-private-key body decoded"));
  EXPECT_THAT(
      in_body(shell(decode + " | od -An -v -tx1 | tr -d ' \\n'", content(".ssh/id_ed25519"))),
      ElementsAre("ssh-private-key body hex of the decoded secret"));
}

TEST_F(FindDecoys, SeesTheKeyWrappedAtAnotherWidth) {
  EXPECT_THAT(
      in_body(shell("grep -v -- ----- | tr -d '\\n' | fold -w 40", content(".ssh/id_ed25519"))),
      ElementsAre("ssh-private-key body raw"));
}

TEST_F(FindDecoys, LooksIntoPathQueryAndHeaders) {
  flow_.path = "/u/" + nonce("npm-token");
  flow_.query = "k=" + nonce("netrc-password");
  flow_.user_agent = "agent/" + nonce("github-token");
  flow_.host_header = nonce("project-database-password") + ".northlake.internal";
  flow_.request_headers = {"Accept", "X-" + nonce("project-payment-key")};
  EXPECT_THAT(sightings(),
              testing::UnorderedElementsAre(
                  "npm-token url raw", "netrc-password url raw", "github-token headers raw",
                  "project-database-password headers raw", "project-payment-key headers raw"));
}

TEST_F(FindDecoys, LooksIntoAPercentEncodedQuery) {
  std::string encoded;
  for (const char c : nonce("aws-secret-key"))
    encoded += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  flow_.query = "k=" + encoded;
  EXPECT_THAT(sightings(), ElementsAre("aws-secret-key url percent-encoding"));
}

TEST_F(FindDecoys, LooksIntoHostNamesThatCarryASecretInTheirLabels) {
  std::string base32 = tool({"base32", "-w0"}, nonce("aws-secret-key"));
  std::string host;
  for (std::size_t at = 0; at < base32.size(); at += 30) host += base32.substr(at, 30) + ".";
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  std::erase(host, '=');
  flow_.host = host + "northlake.internal";
  EXPECT_THAT(sightings(), ElementsAre("aws-secret-key url base32"));

  flow_.host = nonce("netrc-password") + ".northlake.internal";
  std::transform(flow_.host.begin(), flow_.host.end(), flow_.host.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  EXPECT_THAT(sightings(), ElementsAre("netrc-password url lower-case"));
}

TEST_F(FindDecoys, TellsEachEncodingOnceForEachDecoy) {
  const std::string secret = nonce("netrc-password");
  EXPECT_THAT(in_body(secret + "\n" + secret + "\n" + tool({"base64"}, secret)),
              ElementsAre("netrc-password body raw", "netrc-password body base64"));
}

TEST_F(FindDecoys, LooksIntoHeaderValuesButNotTwiceIntoTheRequestLine) {
  flow_.path = "/u/" + nonce("npm-token");
  flow_.request_head = "bodies/7.head";
  head_ = "GET /u/" + nonce("npm-token") + " HTTP/1.1\r\nAuthorization: Bearer " +
          nonce("github-token") + "\r\n";
  EXPECT_THAT(sightings(),
              testing::UnorderedElementsAre("npm-token url raw", "github-token headers raw"));
}

TEST_F(FindDecoys, KeepsTheOrderOfTheFlowsAndReadsOnlyBodiesThatAreThere) {
  Flow without = flow_;
  without.id = 1;
  Flow first = flow_;
  first.id = 2;
  first.request_body = "bodies/2.bin";
  Flow second = flow_;
  second.id = 3;
  second.request_body = "bodies/3.bin";
  std::vector<std::string> read;
  const auto found =
      find_decoys(home_.decoys, {without, first, second}, [&](const std::string& file) {
        read.push_back(file);
        return nonce(file == "bodies/2.bin" ? "pypi-token" : "aws-secret-key");
      });
  EXPECT_THAT(read, ElementsAre("bodies/2.bin", "bodies/3.bin"));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(text_of(found[0].evidence) + " " + found[0].decoy, "flows.jsonl#2 pypi-token");
  EXPECT_EQ(text_of(found[1].evidence) + " " + found[1].decoy, "flows.jsonl#3 aws-secret-key");
}

TEST(FindDecoysWithoutDecoys, FindsNothing) {
  EXPECT_THAT(find_decoys({}, {Flow{}}, [](const std::string&) { return std::string("x"); }),
              IsEmpty());
}

}  // namespace
}  // namespace skillaudit
