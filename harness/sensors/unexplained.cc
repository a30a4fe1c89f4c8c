#include "harness/sensors/unexplained.h"

#include <zlib.h>

#include <algorithm>
#include <set>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/evidence/echo_payload.h"
#include "harness/sensors/readings.h"
#include "harness/sensors/visible_text.h"

namespace skillaudit {
namespace {

/// Of a larger body its beginning tells enough.
constexpr std::size_t kMostOfBody = 4U << 20;
/// A boundary of a multipart body is drawn at random. One for an audit is no way to send much.
constexpr std::size_t kLongestBoundary = 64;

/// The content of a body that is one gzip stream and nothing behind it; else empty.
std::string inflated(const std::string& body) {
  if (!body.starts_with("\x1f\x8b")) return {};
  z_stream stream{};
  if (::inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return {};
  std::string content(kMostOfBody, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(body.size(), 1U << 30));
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  const int result = ::inflate(&stream, Z_FINISH);
  const bool whole = (result == Z_STREAM_END && stream.avail_in == 0) || stream.avail_out == 0;
  content.resize(content.size() - stream.avail_out);
  ::inflateEnd(&stream);
  return whole ? content : std::string();
}

class Search {
 public:
  Search(const Evidence& evidence,
         const std::function<std::string(const std::string& file)>& read_kept)
      : evidence_(evidence), read_kept_(read_kept), visible_(evidence) {}

  std::vector<UnexplainedPart> run() {
    for (const Flow& flow : evidence_.flows) look_at(flow);
    look_at_wire();
    return std::move(parts_);
  }

 private:
  void look_at(std::string_view text, const Source& evidence, const char* where) {
    UnexplainedPart part{.evidence = evidence, .where = where};
    const std::string decoded = percent_decoded(text);
    part.bytes = visible_.unexplained_in(decoded.empty() ? text : decoded, part.sample);
    if (part.bytes > 0) parts_.push_back(std::move(part));
  }

  void look_at(const Flow& flow) {
    if (flow.allowed && flow.group == "model") return;
    const Source evidence = source::flow(flow.id);
    look_at(flow.host + "\n" + flow.host_header + "\n" + flow.sni, evidence, "host");
    look_at(flow.path, evidence, "path");
    look_at(flow.query, evidence, "query");
    std::string head = flow.request_head.empty() ? flow.user_agent : read_kept_(flow.request_head);
    if (!flow.request_head.empty()) head.erase(0, std::min(head.find('\n'), head.size()));
    take_boundary(head);
    look_at(without_length(head), evidence, "headers");
    if (flow.request_body.empty()) return;
    const std::string body = read_kept_(flow.request_body);
    const std::string content = inflated(body);
    look_at(std::string_view(content.empty() ? body : content).substr(0, kMostOfBody), evidence,
            "body");
  }

  void take_boundary(const std::string& head) {
    const std::size_t at = ascii_lower(head).find("boundary=");
    if (at == std::string::npos || had_boundary_) return;
    const std::size_t end = std::min(head.find_first_of("\r\n;", at), head.size());
    const std::string_view boundary = std::string_view(head).substr(at + 9, end - at - 9);
    if (boundary.size() > kLongestBoundary) return;
    had_boundary_ = true;
    visible_.explain(boundary);
  }

  /// How much was sent is not looked at.
  static std::string without_length(const std::string& head) {
    std::string rest;
    for (const std::string_view line : split(head, '\n'))
      if (!ascii_lower(line).starts_with("content-length:")) (rest += line) += '\n';
    return rest;
  }

  void look_at_wire() {
    const Wire& wire = evidence_.wire;
    std::set<std::string_view> seen;
    std::string names;
    for (const NameAsked& asked : wire.names)
      if (seen.insert(asked.name).second) names += asked.name + "\n";
    look_at(names, source::network(), "names asked for");
    look_at_echoes();
  }

  void look_at_echoes() {
    const std::size_t bytes = chosen_echo_bytes(evidence_.wire);
    if (bytes > 0)
      parts_.push_back({source::network(), "payload", evidence_.wire.payload.substr(0, 80), bytes});
  }

  const Evidence& evidence_;
  const std::function<std::string(const std::string& file)>& read_kept_;
  VisibleText visible_;
  std::vector<UnexplainedPart> parts_;
  bool had_boundary_ = false;
};

}  // namespace

std::vector<UnexplainedPart> find_unexplained(
    const Evidence& evidence,
    const std::function<std::string(const std::string& file)>& read_kept) {
  if (evidence.flows.empty() && evidence.wire.names.empty() && evidence.wire.contacts.empty())
    return {};
  return Search(evidence, read_kept).run();
}

}  // namespace skillaudit
