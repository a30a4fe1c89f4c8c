#include "harness/skill/stubs.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

constexpr double kLongestDelay = 60;
constexpr std::size_t kMostReplies = 200;
constexpr int kDeepest = 50;

const std::vector<std::string> kReplyKeys = {"status", "headers", "body",   "json",
                                             "file",   "delay",   "failure"};

[[noreturn]] void refuse(const YamlSource& source, const YAML::Node& node,
                         const std::string& problem) {
  fail(source.blame, "{}: {}", position(source, node.Mark()), problem);
}

int parse_status(const YamlSource& source, const YAML::Node& node) {
  const std::string text = text_of(source, node, "`status`");
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size() || status < 100 || status > 599)
    refuse(source, node,
           fmt::format("`status` is `{}`: give a number from 100 to 599", printable(text)));
  return status;
}

bool is_header_text(std::string_view text, bool is_name) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return is_name ? std::isalnum(byte) != 0 || c == '-' || c == '_' : byte >= 0x20 && byte < 0x7f;
  });
}

std::vector<std::pair<std::string, std::string>> parse_headers(const YamlSource& source,
                                                               const YAML::Node& node) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const std::string& name : keys_of(source, node, "`headers`")) {
    std::string value = text_of(source, node[name], "`" + printable(name) + "`");
    if (name.empty() || !is_header_text(name, true) || !is_header_text(value, false))
      refuse(source, node[name],
             fmt::format("`{}` is not a header: a name has letters, digits and hyphens, a value "
                         "printable ASCII",
                         printable(name)));
    headers.emplace_back(name, std::move(value));
  }
  return headers;
}

/// A scalar of YAML's core schema: what is quoted is text.
json scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (const json number = json::parse(text, nullptr, false); number.is_number()) return number;
  return text;
}

json json_of(const YamlSource& source, const YAML::Node& node, int depth) {
  if (depth > kDeepest)
    refuse(source, node, fmt::format("`json` is nested more than {} deep", kDeepest));
  if (node.IsSequence()) {
    json list = json::array();
    for (const auto& item : node) list.push_back(json_of(source, item, depth + 1));
    return list;
  }
  if (node.IsMap()) {
    json map = json::object();
    for (const std::string& key : keys_of(source, node, "`json`"))
      map[key] = json_of(source, node[key], depth + 1);
    return map;
  }
  return node.IsScalar() ? scalar(node) : json();
}

StubReply::Failure parse_failure(const YamlSource& source, const YAML::Node& node) {
  const std::string text = text_of(source, node, "`failure`");
  if (text == "close") return StubReply::Failure::Close;
  if (text == "timeout") return StubReply::Failure::Timeout;
  refuse(source, node,
         fmt::format("`failure` is `{}`: write close, which ends the connection, or timeout, "
                     "which never answers",
                     printable(text)));
}

StubReply parse_reply(const YamlSource& source, const YAML::Node& node) {
  StubReply reply;
  std::vector<std::string> bodies;
  const auto given = [&](const char* key, auto&& use) {
    if (const YAML::Node value = node[key]; value.IsDefined()) use(value);
  };
  given("status", [&](const YAML::Node& value) { reply.status = parse_status(source, value); });
  given("headers", [&](const YAML::Node& value) { reply.headers = parse_headers(source, value); });
  given("delay", [&](const YAML::Node& value) {
    const double seconds = seconds_of(source, value, "`delay`");
    if (seconds > kLongestDelay)
      refuse(source, value, fmt::format("`delay` is longer than {} s", kLongestDelay));
    reply.delay = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  });
  given("failure", [&](const YAML::Node& value) { reply.failure = parse_failure(source, value); });
  given("body", [&](const YAML::Node& value) {
    bodies.emplace_back("body");
    reply.body = value.IsNull() ? "" : text_of(source, value, "`body`");
  });
  given("json", [&](const YAML::Node& value) {
    bodies.emplace_back("json");
    reply.body = json_text(json_of(source, value, 0));
  });
  given("file", [&](const YAML::Node& value) {
    bodies.emplace_back("file");
    reply.from = text_of(source, value, "`file`");
  });
  if (bodies.size() > 1)
    refuse(source, node,
           fmt::format("this answer has both `{}` and `{}`: keep one", bodies[0], bodies[1]));
  return reply;
}

GivenStub parse_stub(const YamlSource& source, const YAML::Node& node) {
  std::vector<std::string> keys = {"request", "sequence"};
  keys.insert(keys.end(), kReplyKeys.begin(), kReplyKeys.end());
  expect_keys(source, node, "a stub", keys);
  const YAML::Node request = node["request"];
  if (!request.IsDefined())
    refuse(source, node,
           "this stub has no `request`: write it like 'request: GET https://api.example.com/v1/*'");
  GivenStub stub{.request = text_of(source, request, "`request`"),
                 .replies = {},
                 .place = position(source, request.Mark())};
  const YAML::Node sequence = node["sequence"];
  if (!sequence.IsDefined()) {
    stub.replies.push_back(parse_reply(source, node));
    return stub;
  }
  for (const std::string& key : kReplyKeys)
    if (node[key].IsDefined())
      refuse(source, node[key],
             fmt::format("`{}` is next to `sequence`: move it into an item of the list", key));
  if (!sequence.IsSequence() || sequence.size() == 0 || sequence.size() > kMostReplies)
    refuse(
        source, sequence,
        fmt::format("`sequence` must be a list of 1 to {} answers, but it is {}", kMostReplies,
                    sequence.IsSequence() && sequence.size() > 0 ? "longer" : kind_of(sequence)));
  for (const auto& item : sequence) {
    expect_keys(source, item, "an answer of `sequence`", kReplyKeys);
    stub.replies.push_back(parse_reply(source, item));
  }
  return stub;
}

void check_size(const std::vector<GivenStub>& stubs, ErrorKind blame, const std::string& place) {
  std::uint64_t bytes = 0;
  for (const GivenStub& stub : stubs)
    for (const StubReply& reply : stub.replies) bytes += reply.body.size();
  if (bytes > kMostStubBytes)
    fail(blame, "{}: the bodies of the stubs have {} together, the limit is {}: give smaller ones",
         place, human_bytes(bytes), human_bytes(kMostStubBytes));
}

}  // namespace

std::vector<GivenStub> parse_stubs(const YamlSource& source, const YAML::Node& node) {
  if (!node.IsSequence())
    refuse(
        source, node,
        "`stubs` must be a list, each item starting with `- request:`, but it is " + kind_of(node));
  if (node.size() > kMostStubs)
    refuse(source, node, fmt::format("`stubs` has more than {} items: remove some", kMostStubs));
  std::vector<GivenStub> stubs;
  for (const auto& item : node) stubs.push_back(parse_stub(source, item));
  check_size(stubs, source.blame, position(source, node.Mark()));
  return stubs;
}

void read_stub_files(const fs::path& folder, std::vector<GivenStub>& stubs, ErrorKind blame) {
  for (GivenStub& stub : stubs) {
    for (StubReply& reply : stub.replies) {
      if (reply.from.empty()) continue;
      std::error_code error;
      const fs::path root = fs::canonical(folder, error);
      const fs::path real = error ? fs::path() : fs::canonical(root / reply.from, error);
      if (error || !fs::is_regular_file(real, error) ||
          !real.string().starts_with(root.string() + "/"))
        fail(blame, "{}: `file` is `{}`, which is not a file below {}", stub.place,
             printable(reply.from), printable(folder.string()));
      if (const std::uintmax_t size = fs::file_size(real, error); error || size > kMostStubBytes)
        fail(blame, "{}: `{}` is larger than {}: give a smaller file", stub.place,
             printable(reply.from), human_bytes(kMostStubBytes));
      reply.body = read_file(real, kMostStubBytes);
      reply.from.clear();
    }
    check_size(stubs, blame, stub.place);
  }
}

std::vector<GivenStub> load_stub_file(const fs::path& path) {
  const YamlSource source{printable(path.string()), 1, ErrorKind::Usage};
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    fail(ErrorKind::Usage, "--stub: there is no file {}: docs/stubs.md has an example",
         source.file);
  const YAML::Node root = parse_yaml(source, read_file(path, kMostStubBytes));
  if (root.IsDefined() && root.IsMap()) expect_keys(source, root, "the file", {"stubs"});
  const YAML::Node list = root.IsDefined() && root.IsMap() ? root["stubs"] : root;
  if (!list.IsDefined() || list.IsNull())
    fail(ErrorKind::Usage, "{}:1:1: the file has no stubs: start each one with `- request:`",
         source.file);
  std::vector<GivenStub> stubs = parse_stubs(source, list);
  read_stub_files(path.has_parent_path() ? path.parent_path() : fs::path("."), stubs,
                  ErrorKind::Usage);
  return stubs;
}

}  // namespace skillaudit
