#include <fmt/core.h>
#include <gmock/gmock.h>

#include <map>

#include "harness/base/process.h"
#include "harness/sensors/decoys.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string tool(const std::vector<std::string>& argv, const std::string& input) {
  CommandOptions options;
  options.input = input;
  return check_output(argv, options);
}

std::string shell(const std::string& script, const std::string& input) {
  return tool({"/bin/sh", "-c", script}, input);
}

/// A furnished home, and one flow that carries something out of it.
class FindDecoys : public testing::Test {
 protected:
  FindDecoys() {
    flow_.id = 7;
    flow_.host = "collect.northlake.internal";
    flow_.path = "/v1/health";
  }

  std::string content(const std::string& path) const {
    for (const HomeFile& f : home_.files) {
      if (f.path == path) return f.content;
    }
    throw std::runtime_error("no file " + path);
  }

  /// What holds the decoy: its file, or the environment as env(1) prints it.
  std::string holder(const Decoy& decoy) const {
    if (decoy.path != kInEnvironment)
      return content(decoy.path.substr(std::string("/home/ubuntu/").size()));
    std::string text;
    for (const auto& [name, value] : home_.environment) text += name + "=" + value + "\n";
    return text;
  }

  std::string nonce(const std::string& name) const {
    for (const Decoy& decoy : home_.decoys) {
      if (decoy.name == name) return decoy.nonce;
    }
    throw std::runtime_error("no decoy " + name);
  }

  /// "decoy where encoding" of each sighting.
  std::vector<std::string> sightings() {
    std::vector<std::string> lines;
    for (const DecoySighting& sighting : find_decoys(
             home_.decoys, {flow_},
             [&](const std::string& file) { return file.ends_with(".head") ? head_ : body_; },
             &gaps_)) {
      EXPECT_EQ(text_of(sighting.evidence), "flows.jsonl#7");
      lines.push_back(sighting.decoy + " " + sighting.where + " " + sighting.encoding);
    }
    return lines;
  }

  std::vector<std::string> in_body(const std::string& body) {
    body_ = body;
    flow_.request_body = "bodies/7.bin";
    flow_.request_size = body.size();
    return sightings();
  }

  FurnishedHome home_ = furnish_home("/home/ubuntu");
  Flow flow_;
  std::string body_;
  std::string head_;
  std::vector<Gap> gaps_;
};

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

TEST(FindDecoysWithoutDecoys, FindsNothing) {
  EXPECT_THAT(find_decoys({}, {Flow{}}, [](const std::string&) { return std::string("x"); }),
              IsEmpty());
}

}  // namespace
}  // namespace skillaudit
