#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/evidence/decoy_copies.h"
#include "harness/sensors/decoys.h"
#include "harness/sensors/encodings.h"
#include "harness/sensors/multi_pattern.h"
#include "harness/sensors/split_parts.h"
#include "harness/sensors/unpack.h"
#include "harness/sensors/xor_search.h"

namespace skillaudit {
namespace {

/// Every form of every decoy, looked for at once.
class DecoyMatcher {
 public:
  explicit DecoyMatcher(const std::vector<Decoy>& decoys)
      : decoys_(decoys),
        needles_(needles(decoys)),
        long_(patterns(needles_)),
        short_needles_(short_needles(needles_)),
        short_(patterns_of(short_needles_)) {}

  /// Adds what stands in `text` without any reading of it, or under XOR with one byte.
  void search_plainly(std::string_view text, const Source& evidence, const std::string& where,
                      std::vector<DecoySighting>& sightings) const {
    std::set<std::size_t> seen;
    const XorSearch::Found found = find(text);
    for (const auto* indices : {&found.plain, &found.masked})
      for (const std::size_t index : *indices) {
        const auto& [decoy, needle] = needles_[index];
        if (seen.insert(decoy).second)
          sightings.push_back({decoys_[decoy].name, evidence, where, needle.encoding});
      }
  }

  /// Adds what is in `text` to `sightings`. False when a limit left part of it unread.
  bool search(std::string_view text, const Source& evidence, const std::string& where,
              std::vector<DecoySighting>& sightings) const {
    std::set<std::size_t> seen;  // decoys of the plainer readings
    return unpack(
        text, limits_for(text.size()), [&](std::string_view view, const std::string& layers) {
          std::set<std::size_t> here;
          std::set<std::pair<std::size_t, std::string>> told;
          const XorSearch::Found found = find(view);
          for (const std::size_t index : found.plain) {
            const auto& [decoy, needle] = needles_[index];
            if (seen.contains(decoy)) continue;
            here.insert(decoy);
            if (told.emplace(decoy, needle.encoding).second)
              sightings.push_back(
                  {decoys_[decoy].name, evidence, where, described(needle.encoding, layers)});
          }
          for (const std::size_t index : found.masked) {
            const auto& [decoy, needle] = needles_[index];
            if (seen.contains(decoy) || here.contains(decoy)) continue;
            const std::string encoding =
                needle.encoding == "raw" ? "xor" : needle.encoding + " in xor";
            if (told.emplace(decoy, encoding).second)
              sightings.push_back({decoys_[decoy].name, evidence, where,
                                   layers.empty() ? encoding : encoding + " in " + layers});
          }
          for (const auto& [decoy, encoding] : told) here.insert(decoy);
          seen.merge(here);
          return seen.size() < decoys_.size();
        });
  }

 private:
  using DecoyNeedle = std::pair<std::size_t, Needle>;

  static std::vector<DecoyNeedle> needles(const std::vector<Decoy>& decoys) {
    std::vector<DecoyNeedle> all;
    for (std::size_t i = 0; i < decoys.size(); ++i) {
      for (Needle& needle : needles_of(decoys[i].nonce)) all.emplace_back(i, std::move(needle));
    }
    return all;
  }

  static std::vector<std::string> patterns(const std::vector<DecoyNeedle>& needles) {
    std::vector<std::string> all;
    for (const auto& [decoy, needle] : needles) all.push_back(needle.bytes);
    return all;
  }

  /// Those that are too short to be found by samples of the text: none of a furnished home's.
  static std::vector<std::size_t> short_needles(const std::vector<DecoyNeedle>& needles) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < needles.size(); ++i)
      if (needles[i].second.bytes.size() < XorSearch::kShortest) indices.push_back(i);
    return indices;
  }

  std::vector<std::string> patterns_of(const std::vector<std::size_t>& indices) const {
    std::vector<std::string> all;
    for (const std::size_t index : indices) all.push_back(needles_[index].second.bytes);
    return all;
  }

  XorSearch::Found find(std::string_view text) const {
    XorSearch::Found found = long_.find(text);
    if (short_needles_.empty()) return found;
    for (const std::size_t index : short_.find(text)) found.plain.push_back(short_needles_[index]);
    std::sort(found.plain.begin(), found.plain.end());
    return found;
  }

  static std::string described(const std::string& encoding, const std::string& layers) {
    if (layers.empty()) return encoding;
    return encoding == "raw" ? layers : encoding + " in " + layers;
  }

  const std::vector<Decoy>& decoys_;
  std::vector<DecoyNeedle> needles_;
  XorSearch long_;
  std::vector<std::size_t> short_needles_;
  MultiPattern short_;
};

/// A secret may be cut into labels of a name of at most 63 characters each (RFC 1035, 2.3.4).
std::string without_dots(std::string host) {
  std::erase(host, '.');
  return host;
}

/// The headers as sent, without the request line: what stands in that is the URL's.
std::string header_lines(const Flow& flow,
                         const std::function<std::string(const std::string& file)>& read_kept) {
  if (flow.request_head.empty()) return {};
  std::string head = read_kept(flow.request_head);
  const std::size_t end = head.find('\n');
  head.erase(0, end == std::string::npos ? head.size() : end + 1);
  return head;
}

/// Decoys that no request held as a whole, with the request that carried the last piece.
void add_split(const DecoyMatcher& matcher, const SplitParts& parts,
               std::vector<DecoySighting>& sightings) {
  std::set<std::string> whole;
  for (const DecoySighting& sighting : sightings) whole.insert(sighting.decoy);
  for (const JoinedParts& joined : parts.joined()) {
    std::vector<DecoySighting> here;
    (void)matcher.search(joined.text, {}, joined.place, here);
    for (DecoySighting& sighting : here) {
      if (!whole.insert(sighting.decoy).second) continue;
      const auto is_before = [&](const std::pair<std::size_t, std::int64_t>& end) {
        std::vector<DecoySighting> until;
        (void)matcher.search(std::string_view(joined.text).substr(0, end.first), {}, "", until);
        return std::none_of(until.begin(), until.end(), [&](const DecoySighting& other) {
          return other.decoy == sighting.decoy;
        });
      };
      const auto last = std::partition_point(joined.ends.begin(), joined.ends.end() - 1, is_before);
      sighting.evidence = source::flow(last->second);
      sighting.encoding += ", in pieces over several requests";
      sightings.push_back(std::move(sighting));
    }
  }
}

}  // namespace

std::vector<DecoySighting> find_decoys(
    const std::vector<Decoy>& decoys, const std::vector<Flow>& flows,
    const std::function<std::string(const std::string& file)>& read_kept, std::vector<Gap>* gaps) {
  std::vector<DecoySighting> sightings;
  // The matcher of a furnished home takes milliseconds to build.
  if (decoys.empty() || flows.empty()) return sightings;
  const DecoyMatcher matcher(decoys);
  SplitParts parts;
  for (const Flow& flow : flows) {
    const Source evidence = source::flow(flow.id);
    const auto search = [&](const std::string& text, const char* where) {
      if (text.empty()) return;
      if (!matcher.search(text, evidence, where, sightings) && gaps)
        gaps->push_back(
            Gap::cut(GapSource::DecoySearch,
                     fmt::format("The {} of {} unpacks to more than the search for decoys reads.",
                                 where, text_of(evidence))));
    };
    // Lines keep the parts from running into each other as read, and the squeezed reading joins
    // them.
    search(flow.host + "\n" + without_dots(flow.host) + "\n" + flow.path + "?" + flow.query, "url");
    const std::string headers = header_lines(flow, read_kept);
    search(flow.host_header + "\n" + without_dots(flow.host_header) + "\n" + flow.sni + "\n" +
               without_dots(flow.sni) + "\n" + flow.user_agent + "\n" +
               join(flow.request_headers, "\n") + "\n" + headers,
           "headers");
    parts.add(flow, headers);
    if (flow.request_body.empty()) continue;
    const std::string body = read_kept(flow.request_body);
    search(body, "body");
    parts.add_body(flow, body);
    if (flow.request_size > body.size() && gaps)
      gaps->push_back(
          Gap::cut(GapSource::DecoySearch,
                   fmt::format("Of the body of {} only {} of {} were kept and searched for decoys.",
                               text_of(evidence), human_bytes(body.size()),
                               human_bytes(flow.request_size))));
  }
  add_split(matcher, parts, sightings);
  if (!parts.complete() && gaps)
    gaps->push_back(Gap::cut(GapSource::DecoySearch,
                             "The requests have more parts than the search for decoys joins."));
  return sightings;
}

std::vector<DecoySighting> find_decoys(const std::vector<Decoy>& decoys, const Wire& wire,
                                       std::vector<Gap>* gaps) {
  std::vector<DecoySighting> sightings;
  if (decoys.empty() || (wire.payload.empty() && wire.joined.empty() && wire.names.empty()))
    return sightings;
  const DecoyMatcher matcher(decoys);
  const auto search = [&](const std::string& text, const char* where) {
    if (!matcher.search(text, source::network(), where, sightings) && gaps)
      gaps->push_back(
          Gap::cut(GapSource::DecoySearch,
                   fmt::format("The {} in {} unpacks to more than the search for decoys reads.",
                               where, text_of(source::network()))));
  };
  // Each name once: one look-up asks for several types.
  std::string names;
  std::string joined;
  std::string longest;  // of each the longest label: the others may count or name the victim
  std::set<std::string> seen;
  for (const NameAsked& asked : wire.names) {
    if (!seen.insert(asked.name).second) continue;
    names += asked.name + "\n";
    std::vector<std::string_view> labels = split(asked.name, '.');
    // The last two are the domain of whoever is to get it.
    labels.resize(labels.size() > 2 ? labels.size() - 2 : 0);
    std::string_view most;
    for (const std::string_view label : labels) {
      joined += label;
      if (label.size() > most.size()) most = label;
    }
    longest += most;
  }
  if (!names.empty()) search(names + "\n" + joined + "\n" + longest, "names asked for");
  if (!wire.payload.empty()) search(wire.payload, "payload");
  if (!wire.joined.empty()) search(wire.joined, "joined frames");
  return sightings;
}

std::vector<DecoySighting> find_copies(const std::vector<Decoy>& decoys,
                                       const FileContents& files) {
  constexpr std::size_t kReadInAllWays = 1U << 20;
  constexpr std::size_t kMostSightings = 1000;
  std::vector<DecoySighting> sightings;
  if (decoys.empty()) return sightings;
  const DecoyMatcher matcher(decoys);
  const Source evidence = source::after(Table::Files);
  files([&](const std::string& path, std::string_view content) {
    if (sightings.size() >= kMostSightings) return;
    if (content.size() <= kReadInAllWays)
      (void)matcher.search(content, evidence, path, sightings);
    else
      matcher.search_plainly(content, evidence, path, sightings);
  });
  if (sightings.size() > kMostSightings) sightings.resize(kMostSightings);
  return sightings;
}

std::vector<DecoySighting> find_in_command_lines(const std::vector<Decoy>& decoys,
                                                 const std::vector<ProcessEntry>& after,
                                                 const Trace& trace) {
  constexpr std::size_t kMostSightings = 256;
  // No form of a secret is shorter than half of the shortest.
  constexpr std::size_t kShortestLine = 20;
  std::vector<DecoySighting> sightings;
  if (decoys.empty()) return sightings;
  const DecoyMatcher matcher(decoys);
  const auto search = [&](const std::vector<std::string>& words, const Source& evidence) {
    const std::string line = join(words, " ");
    if (line.size() >= kShortestLine && sightings.size() < kMostSightings)
      (void)matcher.search(line, evidence, std::string(kInCommandLine), sightings);
  };
  for (const ProcessEntry& process : after)
    search(process.command_line, source::after(Table::Processes));
  for (const TraceEvent& event : trace.events)
    if (event.kind == TraceKind::Exec) search(event.arguments, source::trace(event.serial));
  return sightings;
}

}  // namespace skillaudit
