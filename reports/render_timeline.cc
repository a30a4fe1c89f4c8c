#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/analysis/timeline.h"
#include "harness/base/json_text.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"
#include "reports/render.h"
#include "reports/timeline_view.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostLines = 40;

}  // namespace

namespace markdown {

void put_timeline(data& view, const Evidence& evidence, const Assessment& assessment) {
  const Timeline timeline = make_timeline(evidence, assessment.changes);
  const std::vector<const TimelineEntry*> shown = telling_entries(timeline, assessment, kMostLines);
  data lines{data::type::list};
  for (const TimelineEntry* entry : shown) {
    data line;
    line.set("t", fmt::format("{:+.1f} s", entry->t));
    line.set("kind", entry->kind);
    line.set("text", markdown_code(entry->text));
    line.set("source", markdown_code(text_of(entry->source)));
    lines.push_back(line);
  }
  view.set("timeline", lines);
  const std::size_t more = timeline.entries.size() + timeline.omitted - shown.size();
  view.set("timeline_more",
           more == 0 ? std::string() : fmt::format("{} more in `timeline.jsonl`.", more));
}

}  // namespace markdown

std::string render_timeline(const Evidence& evidence, const Assessment& assessment) {
  using Json = nlohmann::ordered_json;
  const Timeline timeline = make_timeline(evidence, assessment.changes);
  std::string lines;
  const auto add = [&](const Json& line) { lines += json_text(line) + "\n"; };
  for (const TimelineEntry& entry : timeline.entries) {
    add({{"t", entry.t},
         {"kind", entry.kind},
         {"source", text_of(entry.source)},
         {"text", entry.text}});
  }
  if (timeline.omitted > 0) {
    const double last = timeline.entries.empty() ? 0 : timeline.entries.back().t;
    add({{"t", last},
         {"kind", "omitted"},
         {"source", text_of(source::trace())},
         {"text", fmt::format("{} more entries are not listed", timeline.omitted)}});
  }
  return lines;
}

}  // namespace skillaudit
