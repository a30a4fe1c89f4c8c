#include "harness/sensors/sent_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/sensors/inflate.h"
#include "harness/sensors/readings.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostOfBody = 4U << 20;
constexpr std::size_t kShortestBase64 = 24;
constexpr std::size_t kCommitId = 40;
constexpr std::size_t kShortestCommitId = 7;
/// Of a request that is made ten thousand times, the first tell enough.
constexpr std::size_t kMostAlike = 200;

bool is_base64(unsigned char c) {
  return std::isalnum(c) != 0 || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

bool is_hex(unsigned char c) { return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f'); }

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

std::string named(const Decoy& decoy) { return "<" + decoy.name + ">"; }

/// Runs of characters that `belongs` accepts, each through `change`.
template <typename Belongs, typename Change>
std::string with_runs(std::string_view text, Belongs belongs, Change change) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && belongs(static_cast<unsigned char>(text[end]))) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    out += change(text.substr(at, end - at));
    at = end;
  }
  return out;
}

bool names_any(std::string_view text, const std::vector<Decoy>& known) {
  return std::any_of(known.begin(), known.end(), [&](const Decoy& each) {
    return !each.nonce.empty() && text.find(each.nonce) != std::string_view::npos;
  });
}

std::string commit_named(std::string_view run, const std::vector<Decoy>& known) {
  if (run.size() < kShortestCommitId || run.size() > kCommitId) return std::string(run);
  for (const Decoy& each : known)
    if (each.nonce.size() == kCommitId && each.nonce.starts_with(run) &&
        std::all_of(each.nonce.begin(), each.nonce.end(), is_hex))
      return named(each);
  return std::string(run);
}

bool is_to_model(const Flow& flow) { return flow.allowed && flow.group == "model"; }
bool is_to_mirror(const Flow& flow) { return flow.allowed && flow.group == "mirrors"; }

std::string address_of(const Flow& flow) {
  return fmt::format("{}://{}:{}", flow.scheme, flow.host, flow.port);
}

std::string request_of(const Flow& flow) {
  return fmt::format("{} {} {}?{}", flow.method, address_of(flow), flow.path, flow.query);
}

class Parts {
 public:
  Parts(const Sent& sent, const CommonRequests& common) : sent_(sent), common_(common) {}

  SentParts run() {
    for (const Flow& flow : sent_.flows) add(flow);
    if (!order_.empty()) put("order", order_, "", kOrderOfRequests, whole(BundleFile::Flows));
    add_wire();
    return std::move(parts_);
  }

 private:
  [[nodiscard]] Source whole(BundleFile file) const { return {.world = sent_.world, .file = file}; }

  void put(const std::string& key, std::string_view value, const std::string& to,
           const std::string& where, Source evidence) {
    evidence.world = sent_.world;
    parts_[key] = {with_names(value, sent_.known), std::move(evidence), to, where, flow_};
  }

  [[nodiscard]] std::string kind_of(const Flow& flow, const std::string& to) const {
    if (is_to_mirror(flow))
      if (std::string whole = request_of(flow); common_.contains(whole)) return whole;
    const auto segments = std::count(flow.path.begin(), flow.path.end(), '/');
    return fmt::format("{} {} {}", flow.method, to, segments);
  }

  void add(const Flow& flow) {
    if (is_to_model(flow)) return;
    const std::string to = address_of(flow);
    const std::string kind = kind_of(flow, to);
    flow_ = flow.id;
    const std::size_t number = ++alike_[kind];
    if (number > kMostAlike) return;
    order_ += kind + "\n";
    const std::string key = fmt::format("{} #{} ", kind, number);
    const Source evidence = source::flow(flow.id);
    put(key + "asked", "asked", to, "whether it is asked", evidence);
    put(key + "path", flow.path, to, "path", evidence);
    put(key + "query", flow.query, to, "query", evidence);
    put(key + "host", flow.host_header + "\n" + flow.sni, to, "name of the host", evidence);
    put(key + "size", std::to_string(flow.request_size), to, "size of the body", evidence);
    if (!flow.request_head.empty())
      add_head(sent_.read_kept(flow.request_head), key, to, source::request_head(flow.id));
    if (!flow.request_body.empty())
      put(key + "body", body_of(flow), to, "body", source::request_body(flow.id));
    flow_ = 0;
  }

  void add_head(const std::string& head, const std::string& key, const std::string& to,
                const Source& evidence) {
    std::string names;
    std::map<std::string, std::size_t> seen;
    const auto lines = split(head, '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::string_view line = trim(lines[i]);
      const std::string_view name = line.substr(0, line.find(':'));
      if (line.empty()) break;
      names.append(name).append("\n");
      const std::string lower = ascii_lower(name);
      // The size of the body is a part of its own.
      if (lower == "content-length") continue;
      put(fmt::format("{}header {} {}", key, lower, ++seen[lower]),
          trim(line.substr(std::min(name.size() + 1, line.size()))), to,
          "header " + printable(shorten(lower, 60)), evidence);
    }
    put(key + "headers", names, to, "names of the headers", evidence);
  }

  [[nodiscard]] std::string body_of(const Flow& flow) const {
    std::string body = sent_.read_kept(flow.request_body);
    body.resize(std::min(body.size(), kMostOfBody));
    // An archive has the time of its making in it; what it holds tells more.
    if (!body.starts_with("\x1f\x8b")) return body;
    InflateBudget budget{.output = kMostOfBody, .input = kMostOfBody};
    std::string content = inflate_all(body, budget);
    return content.empty() ? body : content;
  }

  void add_wire() {
    std::string contacts;
    std::string names;
    for (const WireContact& each : sent_.wire.contacts)
      contacts += fmt::format("{} {} {}\n", each.protocol, each.who(), each.port);
    for (const NameAsked& each : sent_.wire.names) names += each.type + " " + each.name + "\n";
    const auto add_part = [&](const char* key, const std::string& value, const char* where) {
      if (!value.empty()) put(key, value, "", where, whole(BundleFile::Network));
    };
    add_part("wire contacts", contacts, "who is addressed");
    add_part("wire names", names, "names asked for");
    add_part("wire payload", sent_.wire.payload, "payload");
  }

  const Sent& sent_;
  const CommonRequests& common_;
  SentParts parts_;
  std::string order_;
  std::int64_t flow_ = 0;
  std::map<std::string, std::size_t> alike_;
};

}  // namespace

std::string with_names(std::string_view text, const std::vector<Decoy>& known) {
  const std::string decoded = percent_decoded(text);
  std::string out(decoded.empty() ? text : std::string_view(decoded));
  for (const Decoy& each : known)
    if (each.nonce.size() >= kShortestCommitId) replace_all(out, each.nonce, named(each));
  out = with_runs(out, is_base64, [&](std::string_view run) {
    if (run.size() < kShortestBase64) return std::string(run);
    const std::string inside = base64_runs(run);
    if (!names_any(inside, known)) return std::string(run);
    std::string shown = inside;
    for (const Decoy& each : known) replace_all(shown, each.nonce, named(each));
    return "<Base64 of " + shown + ">";
  });
  return with_runs(out, is_hex, [&](std::string_view run) { return commit_named(run, known); });
}

SentParts sent_parts(const Sent& sent, const CommonRequests& common) {
  return Parts(sent, common).run();
}

CommonRequests common_requests(const std::vector<const Sent*>& clones) {
  std::optional<std::map<std::string, std::size_t>> often;
  for (const Sent* clone : clones) {
    std::map<std::string, std::size_t> here;
    for (const Flow& flow : clone->flows)
      if (is_to_mirror(flow)) ++here[request_of(flow)];
    if (often)
      std::erase_if(*often, [&](const auto& each) {
        const auto found = here.find(each.first);
        return found == here.end() || found->second != each.second;
      });
    else
      often = std::move(here);
  }
  CommonRequests common;
  if (often)
    for (const auto& [request, count] : *often) common.insert(request);
  return common;
}

std::set<std::int64_t> sent_alike(const Sent& sent, const std::vector<const Sent*>& others) {
  std::set<std::int64_t> alike;
  if (others.empty()) return alike;
  std::vector<const Sent*> all = others;
  all.push_back(&sent);
  const CommonRequests common = common_requests(all);
  const auto digests_of = [](const Sent& clone) {
    std::map<std::int64_t, std::string_view> digests;
    for (const Flow& flow : clone.flows) digests[flow.id] = flow.request_sha256;
    return digests;
  };
  const SentParts parts = sent_parts(sent, common);
  // The parts leave out the header of an archive, and what is behind the first megabytes.
  auto own_digests = digests_of(sent);
  for (const auto& [key, part] : parts)
    if (part.flow != 0) alike.insert(part.flow);
  for (const Sent* other : others) {
    const SentParts theirs = sent_parts(*other, common);
    auto digests = digests_of(*other);
    for (const auto& [key, part] : parts) {
      const auto found = theirs.find(key);
      if (found == theirs.end() || found->second.value != part.value ||
          own_digests[part.flow] != digests[found->second.flow])
        alike.erase(part.flow);
    }
  }
  return alike;
}

}  // namespace skillaudit
