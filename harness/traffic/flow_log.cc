#include "harness/traffic/flow_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr std::size_t kLineLimit = 1U << 20;
constexpr std::size_t kFlowLimit = 100'001;  // filter/flow_record.py stops at 100,000
constexpr std::size_t kHeaderLimit = 201;
constexpr std::size_t kFields = 26;
/// Older logs lack these.
constexpr const char* kResponseBody = "response_body";
constexpr const char* kAnswered = "answered";

/// Reads the fields of one line; throws std::runtime_error with what is wrong.
class Line {
 public:
  explicit Line(const json& object) : object_(object) {
    if (!object.is_object()) throw std::runtime_error("it is not an object");
    if (object.size() != kFields - (has(kResponseBody) ? 0 : 1) - (has(kAnswered) ? 0 : 1))
      throw std::runtime_error(
          fmt::format("it has {} fields instead of {}", object.size(), kFields));
  }

  bool has(const char* name) const { return object_.contains(name); }

  std::string text(const char* name) const {
    const json& value = field(name);
    if (!value.is_string()) wrong(name);
    return value.get<std::string>();
  }

  std::string one_of(const char* name, const std::set<std::string>& known) const {
    std::string value = text(name);
    if (!known.contains(value)) wrong(name);
    return value;
  }

  std::uint64_t number(const char* name, std::uint64_t most) const {
    const json& value = field(name);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) wrong(name);
    return value.get<std::uint64_t>();
  }

  double seconds(const char* name) const {
    const json& value = field(name);
    if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0)
      wrong(name);
    return value.get<double>();
  }

  bool truth(const char* name) const {
    const json& value = field(name);
    if (!value.is_boolean()) wrong(name);
    return value.get<bool>();
  }

  std::optional<int> status(const char* name) const {
    if (field(name).is_null()) return std::nullopt;
    return static_cast<int>(number(name, 999));
  }

  std::vector<std::string> texts(const char* name) const {
    const json& value = field(name);
    if (!value.is_array() || value.size() > kHeaderLimit) wrong(name);
    std::vector<std::string> result;
    for (const json& entry : value) {
      if (!entry.is_string()) wrong(name);
      result.push_back(entry.get<std::string>());
    }
    return result;
  }

  /// The SHA-256 of `size` bytes: absent when there are none.
  std::string digest(const char* name, std::uint64_t size) const {
    std::string value = text(name);
    const bool hex =
        value.size() == 64 && value.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (size == 0 ? !value.empty() : !hex) wrong(name);
    return value;
  }

  /// A name in the bundle, which is opened later: nothing but the one that belongs to the flow.
  std::string file(const char* name, const std::string& expected) const {
    return one_of(name, {"", expected});
  }

 private:
  const json& field(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end())
      throw std::runtime_error(fmt::format("the field '{}' is missing", name));
    return *found;
  }
  [[noreturn]] static void wrong(const char* name) {
    throw std::runtime_error(fmt::format("the field '{}' is not as it must be", name));
  }

  const json& object_;
};

Flow read_flow(std::string_view text) {
  const json object = parse_json(text);
  const Line line(object);
  constexpr std::uint64_t kMost = 1ULL << 53;  // JSON numbers are exact up to here
  Flow flow;
  flow.id = static_cast<std::int64_t>(line.number("id", kFlowLimit));
  flow.time = line.seconds("time");
  flow.kind = line.one_of("kind", {"http", "websocket", "connect", "tcp"});
  flow.method = line.text("method");
  flow.scheme = line.text("scheme");
  flow.host = line.text("host");
  flow.host_header = line.text("host_header");
  flow.sni = line.text("sni");
  flow.port = static_cast<std::uint16_t>(line.number("port", 65535));
  flow.path = line.text("path");
  flow.query = line.text("query");
  flow.status = line.status("status");
  flow.allowed = line.truth("allowed");
  flow.answered = line.has(kAnswered) && line.truth(kAnswered);
  if (flow.allowed && flow.answered) throw std::runtime_error("it is both allowed and answered");
  flow.rule = line.text("rule");
  flow.group = line.text("group");
  flow.request_headers = line.texts("request_headers");
  flow.user_agent = line.text("user_agent");
  flow.request_size = line.number("request_size", kMost);
  flow.response_size = line.number("response_size", kMost);
  flow.request_sha256 = line.digest("request_sha256", flow.request_size);
  flow.response_sha256 = line.digest("response_sha256", flow.response_size);
  const std::string id = std::to_string(flow.id);
  flow.request_body = line.file("request_body", name_of(BundleFile::RequestBody, id));
  flow.request_head = line.file("request_head", name_of(BundleFile::RequestHead, id));
  if (line.has(kResponseBody))
    flow.response_body = line.file(kResponseBody, name_of(BundleFile::ResponseBody, id));
  flow.error = line.text("error");
  if (flow.id == 0) throw std::runtime_error("its id is 0");
  return flow;
}

/// What nlohmann says of malformed JSON quotes the input, which is the guest's.
std::string reason(const std::exception& e) { return shorten(printable(e.what()), 200); }

template <typename... Args>
Gap lost(fmt::format_string<Args...> format, Args&&... args) {
  return Gap::lost(GapSource::Flows, fmt::format(format, std::forward<Args>(args)...));
}

void add_sequence_gaps(std::vector<Flow>& flows, std::vector<Gap>& gaps) {
  std::stable_sort(flows.begin(), flows.end(),
                   [](const Flow& a, const Flow& b) { return a.id < b.id; });
  std::int64_t last = 0;
  for (const Flow& flow : flows) {
    if (flow.id == last) gaps.push_back(lost("The flow log holds flow {} twice.", flow.id));
    if (flow.id == last + 2) gaps.push_back(lost("The flow log does not hold flow {}.", last + 1));
    if (flow.id > last + 2)
      gaps.push_back(lost("The flow log does not hold the flows {} to {}.", last + 1, flow.id - 1));
    last = flow.id;
  }
}

}  // namespace

std::vector<Flow> parse_flow_log(std::string_view jsonl, std::vector<Gap>* gaps) {
  std::vector<Flow> flows;
  std::vector<Gap> found;
  std::size_t number = 0;
  while (!jsonl.empty()) {
    if (++number > kFlowLimit) {
      found.push_back(Gap::cut(
          GapSource::Flows,
          fmt::format("The flow log has more than {} lines: the rest was not read.", kFlowLimit)));
      break;
    }
    const std::size_t end = jsonl.find('\n');
    const std::string_view line = jsonl.substr(0, end);
    if (end == std::string_view::npos) {
      found.push_back(lost("Line {} of the flow log, its last, is cut off.", number));
      break;
    }
    jsonl.remove_prefix(end + 1);
    if (line.size() > kLineLimit) {
      found.push_back(lost("Line {} of the flow log is longer than {} bytes.", number, kLineLimit));
      continue;
    }
    try {
      flows.push_back(read_flow(line));
    } catch (const std::exception& e) {
      found.push_back(lost("Line {} of the flow log cannot be read: {}.", number, reason(e)));
    }
  }
  add_sequence_gaps(flows, found);
  if (gaps) gaps->insert(gaps->end(), found.begin(), found.end());
  return flows;
}

}  // namespace skillaudit
