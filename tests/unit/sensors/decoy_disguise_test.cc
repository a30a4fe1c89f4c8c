#include <gmock/gmock.h>

#include "harness/base/process.h"
#include "harness/sensors/decoys.h"
#include "tests/unit/gap_texts.h"
#include "tests/unit/sensors/decoy_flow.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string masked(std::string text, int key) {
  for (char& c : text) c = static_cast<char>(c ^ key);
  return text;
}

TEST_F(FindDecoys, SeesEachUnderEveryOneByteKeyOfXor) {
  for (int key = 1; key < 256; ++key) {
    std::string body(static_cast<std::size_t>(key % 17), 'x');
    for (const Decoy& decoy : home_.decoys) body += masked(decoy.nonce, key) + "\n";
    EXPECT_EQ(in_body(body).size(), home_.decoys.size()) << key;
  }
  EXPECT_THAT(in_body(masked(content(".npmrc"), 0x5a)), ElementsAre("npm-token body xor"));
}

TEST_F(FindDecoys, SeesThroughXorWithWhatIsInsideAndAroundIt) {
  EXPECT_THAT(in_body(masked(tool({"base64", "-w0"}, content(".netrc")), 7)),
              ElementsAre("netrc-password body base64 in xor"));
  EXPECT_THAT(in_body(tool({"base64"}, masked(content(".netrc"), 7))),
              ElementsAre("netrc-password body xor in base64"));
  EXPECT_THAT(in_body(masked(tool({"gzip"}, content(".netrc")), 0xa5)),
              ElementsAre("netrc-password body gzip in xor"));
}

/// A request for each piece of a secret, in which `put` places it.
std::vector<std::string> split_sightings(
    const FurnishedHome& home, const std::string& secret, std::size_t requests,
    const std::function<void(Flow&, std::string& head, std::string& body,
                             const std::string& piece)>& put) {
  std::vector<Flow> flows;
  std::vector<std::string> heads(requests);
  std::vector<std::string> bodies(requests);
  const std::size_t size = (secret.size() + requests - 1) / requests;
  for (std::size_t i = 0; i < requests; ++i) {
    Flow& flow = flows.emplace_back();
    flow.id = static_cast<std::int64_t>(i) + 1;
    flow.host = "collect.northlake.internal";
    flow.path = "/v1/health";
    put(flow, heads[i], bodies[i], secret.substr(std::min(secret.size(), i * size), size));
    if (!heads[i].empty()) flow.request_head = "h" + std::to_string(i);
    if (!bodies[i].empty()) flow.request_body = "b" + std::to_string(i);
    flow.request_size = bodies[i].size();
  }
  std::vector<std::string> lines;
  for (const DecoySighting& sighting :
       find_decoys(home.decoys, flows, [&](const std::string& file) {
         return (file[0] == 'h' ? heads : bodies)[std::stoul(file.substr(1))];
       }))
    lines.push_back(sighting.decoy + " " + text_of(sighting.evidence) + " " + sighting.where + " " +
                    sighting.encoding);
  return lines;
}

TEST_F(FindDecoys, PutsTogetherWhatWasCutOverEightRequests) {
  using Put = std::function<void(Flow&, std::string&, std::string&, const std::string&)>;
  const std::pair<const char*, Put> ways[] = {
      {"path", [](Flow& flow, auto&, auto&, auto& piece) { flow.path = "/u/" + piece; }},
      {"path", [](Flow& flow, auto&, auto&, auto& piece) { flow.path = "/u/" + piece + "/n"; }},
      {"query", [](Flow& flow, auto&, auto&,
                   auto& piece) { flow.query = "n=" + std::to_string(flow.id) + "&k=" + piece; }},
      {"headers",
       [](Flow&, auto& head, auto&, auto& piece) {
         head = "GET / HTTP/1.1\r\nAccept: */*\r\nX-Trace: " + piece + "\r\n";
       }},
      {"body", [](Flow&, auto&, auto& body, auto& piece) { body = piece; }},
      {"body",
       [](Flow& flow, auto&, auto& body, auto& piece) {
         body = "{\"n\":" + std::to_string(flow.id) + ",\"d\":\"" + piece + "\"}";
       }},
      {"body", [](Flow&, auto&, auto& body, auto& piece) { body = "d=" + piece; }},
      {"host names",
       [](Flow& flow, auto&, auto&, auto& piece) {
         flow.host = piece + ".x" + std::to_string(flow.id) + ".northlake.internal";
       }},
  };
  for (const auto& [place, put] : ways) {
    const std::string secret = nonce("netrc-password");
    EXPECT_THAT(split_sightings(home_, secret, 8, put),
                ElementsAre("netrc-password flows.jsonl#8 " + std::string(place) +
                            " raw, in pieces over several requests"));
    EXPECT_THAT(split_sightings(home_, tool({"base64", "-w0"}, "x" + secret), 5, put),
                ElementsAre("netrc-password flows.jsonl#5 " + std::string(place) +
                            " base64, in pieces over several requests"));
  }
}

TEST_F(FindDecoys, NamesTheRequestThatCarriedTheLastPieceAndAWholeSecretOnce) {
  const std::string secret = nonce("netrc-password");
  EXPECT_THAT(
      split_sightings(home_, secret + std::string(64, 'x'), 6,
                      [](Flow&, auto&, auto& body, auto& piece) { body = piece; }),
      ElementsAre("netrc-password flows.jsonl#2 body raw, in pieces over several requests"));
  EXPECT_THAT(
      split_sightings(home_, secret, 2, [&](Flow&, auto&, auto& body, auto&) { body = secret; }),
      ElementsAre("netrc-password flows.jsonl#1 body raw",
                  "netrc-password flows.jsonl#2 body raw"));
}

TEST_F(FindDecoys, SaysWhatCouldNotBeSearched) {
  in_body(tool({"gzip"}, std::string(20U << 20, '~')));
  EXPECT_THAT(
      texts_of(gaps_),
      ElementsAre("The body of flows.jsonl#7 unpacks to more than the search for decoys reads."));
  gaps_.clear();
  body_ = "short";
  flow_.request_size = 3U << 20;
  EXPECT_THAT(sightings(), IsEmpty());
  EXPECT_THAT(
      texts_of(gaps_),
      ElementsAre(
          "Of the body of flows.jsonl#7 only 5 B of 3.0 MiB were kept and searched for decoys."));
}

TEST_F(FindDecoys, SeesCopiesInFilesLargeAndSmall) {
  const std::string path = "/home/ubuntu/x\n\xff";
  const std::string large = std::string(3U << 20, '.') + masked(nonce("pypi-token"), 9) +
                            std::string(100, '.') + nonce("github-token");
  std::vector<std::string> lines;
  for (const DecoySighting& copy : find_copies(home_.decoys, [&](const auto& take) {
         take(path, tool({"gzip"}, nonce("npm-token")));
         take("/tmp/large", large);
         take("/tmp/other", "nothing");
       })) {
    EXPECT_EQ(text_of(copy.evidence), "after/files");
    lines.push_back(copy.decoy + " " + copy.where);
  }
  EXPECT_THAT(lines,
              ElementsAre("npm-token " + path, "github-token /tmp/large", "pypi-token /tmp/large"));
}

TEST_F(FindDecoys, SeesCommandLinesOfTheTraceAndOfWhatStillRuns) {
  ProcessEntry process;
  process.command_line = {"curl", "-H", "Authorization: Bearer " + nonce("github-token")};
  Trace trace;
  TraceEvent event;
  event.serial = 12;
  event.arguments = {"sh", "-c", "echo " + tool({"base64", "-w0"}, nonce("npm-token"))};
  trace.events = {event};
  event.kind = TraceKind::Connect;
  trace.events.push_back(event);
  std::vector<std::string> lines;
  for (const DecoySighting& sighting : find_in_command_lines(home_.decoys, {process}, trace)) {
    EXPECT_EQ(sighting.where, "command line");
    lines.push_back(sighting.decoy + " " + text_of(sighting.evidence) + " " + sighting.encoding);
  }
  EXPECT_THAT(lines,
              ElementsAre("github-token after/processes raw", "npm-token trace.log#12 base64"));
}

}  // namespace
}  // namespace skillaudit
