// What the skill asks for, what of it nobody saw act, and the findings with their evidence.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/asks.h"
#include "reports/facts.h"
#include "reports/finding_groups.h"
#include "reports/html_view.h"
#include "reports/not_exercised.h"

namespace skillaudit::html {
namespace {

constexpr Bounds kFindings{200, 512 << 10};
constexpr Bounds kCitations{40, 16 << 10};
constexpr std::size_t kMostOpen = 8;

/// The part of the page that shows what the source tells.
std::string_view part_of(const Source& source) {
  switch (source.file) {
    case BundleFile::Flows:
    case BundleFile::RequestBody:
    case BundleFile::RequestHead:
    case BundleFile::ResponseBody:
    case BundleFile::Network:
      return "network";
    case BundleFile::Trace:
      return "started";
    case BundleFile::Execution:
      return "steps";
    case BundleFile::Skill:
      return "skill";
    case BundleFile::Before:
    case BundleFile::After:
      if (source.id == name_of(Table::Files)) return "files";
      if (source.id == name_of(Table::Packages)) return "packages";
      if (source.id == name_of(Table::Processes) || source.id == name_of(Table::Sockets))
        return "processes";
      return "system";
    default:
      return "timeline";
  }
}

Html source_link(const Source& source) {
  return markup("<a class=\"at\" href=\"#{}\">{}</a>", part_of(source),
                shorten(text_of(source), 200));
}

/// Its title where a group has others, its evidence.
Html one_finding(const Finding& finding, bool with_title) {
  std::size_t left = 0;
  const Html cited = first_of(finding.evidence, kCitations, left, [](const Citation& citation) {
    return markup("<li>{}{}</li>\n", printable_code(citation.text, 600),
                  source_link(citation.source));
  });
  Html advice;
  if (!finding.recommendation.empty())
    advice = markup("<p class=\"advice\"><b>What to do:</b> {}</p>\n",
                    sentence(shorten(finding.recommendation, 1200)));
  if (with_title)
    return markup(
        "<details class=\"alike\"><summary>{}</summary>\n{}<ul class=\"cited\">\n{}</ul>\n{}"
        "</details>\n",
        sentence(shorten(finding.title, 1000)), advice, cited, and_more(left));
  return markup("{}<h4>Evidence</h4>\n<ul class=\"cited\">\n{}</ul>\n{}", advice, cited,
                and_more(left));
}

Html finding_entry(const FindingGroup& group, std::size_t number, bool open) {
  const Finding& finding = group.first();
  Html technique;
  if (!finding.attack.empty())
    technique = markup("<span>ATT&amp;CK <code>{}</code></span>", finding.attack);
  Html where;
  if (const std::string seen = seen_where(finding); !seen.empty())
    where = markup("<span>Seen {}</span>", sentence(seen));
  Html others;
  if (group.others() > 0) {
    std::size_t left = 0;
    const std::vector<const Finding*> rest(group.findings.begin() + 1, group.findings.end());
    const Html entries = first_of(rest, Bounds{100, 64 << 10}, left,
                                  [](const Finding* each) { return one_finding(*each, true); });
    others = markup("<h4>{} more like it</h4>\n{}{}", group.others(), entries, and_more(left));
  }
  const Html count = group.others() == 0
                         ? Html()
                         : markup(" <span class=\"times\">× {}</span>", group.findings.size());
  return markup(
      "<details class=\"finding {}\" id=\"finding-{}\"{}>\n<summary>{}<h3>{}{}</h3>"
      "<span class=\"cost\">−{} {}</span></summary>\n<div class=\"inside\">\n"
      "<p class=\"meta\"><span>Rule <a "
      "href=\"#rule-{}\"><code>{}</code></a></span>{}{}</p>\n{}{}</div></details>\n",
      class_of(finding.severity), number, open ? markup(" open") : Html(), chip(finding.severity),
      sentence(shorten(finding.title, 1000)), count, points(group.deduction), name_of(finding.axis),
      finding.rule, finding.rule, technique, where, one_finding(finding, false), others);
}

}  // namespace

Section asks_for(const std::vector<Ask>& all) {
  Section section{"asks", "It asks for", std::to_string(all.size()), {}};
  std::size_t left = 0;
  const Html items = first_of(all, Bounds{60, 64 << 10}, left, [](const Ask& each) {
    return markup(
        "<li><b>{}</b> {} <span class=\"soft\">({})</span>"
        "<span class=\"at\">{}: {}</span></li>\n",
        name_of(each.verb), sentence(objects_in_words(each)), name_of(each.effect_class),
        shorten(each.place, 200), sentence(shorten(each.statement, 400)));
  });
  section.body = markup(
      "<p>Effects that the skill's documents name exactly, each with the sentence that names it. "
      "Whoever installs the skill agrees to them.</p>\n<ul class=\"cited\">\n{}</ul>\n{}",
      items, and_more(left));
  return section;
}

Section unexercised(const Evidence& evidence, const std::vector<NotExercised>& all) {
  Section section{"not-exercised", "Not exercised", std::to_string(all.size()), {}};
  std::size_t left = 0;
  const Html items = first_of(all, Bounds{60, 96 << 10}, left, [&](const NotExercised& each) {
    const Html command = each.option.empty() ? Html()
                                             : markup("<pre class=\"command\">{}</pre>",
                                                      exercise_command(evidence, {each.option}));
    return markup("<li>{}{}</li>\n", sentence(shorten(in_words(each), 900)), command);
  });
  const std::string together = exercise_all_command(evidence, all);
  const Html at_once =
      together.empty() ? Html()
                       : markup("<p>All at once:</p>\n<pre class=\"command\">{}</pre>\n", together);
  section.body = markup(
      "<p>Nobody saw these parts act, and what did not happen here may happen elsewhere. Each has "
      "the command that would exercise it.</p>\n<ul class=\"cited\">\n{}</ul>\n{}{}",
      items, and_more(left), at_once);
  return section;
}

Section findings(const Assessment& assessment) {
  const std::vector<FindingGroup> all = grouped(assessment.findings);
  Section section{"findings", "Findings", std::to_string(assessment.findings.size()), {}};
  if (all.empty()) {
    section.body = markup("<p>None.</p>\n");
    return section;
  }
  // The worst are open; where none is grave, the first few.
  const auto grave = std::count_if(all.begin(), all.end(), [](const FindingGroup& group) {
    return group.first().severity >= Severity::High;
  });
  const std::size_t open = grave > 0 ? std::min(static_cast<std::size_t>(grave), kMostOpen) : 3;
  std::size_t number = 0;
  std::size_t left = 0;
  const Html entries = first_of(all, kFindings, left, [&](const FindingGroup& group) {
    const bool is_open = number < open;
    return finding_entry(group, ++number, is_open);
  });
  section.body = markup(
      "<p class=\"hint\">Open a finding to see its evidence, each with the file of the bundle that "
      "contains it. A rule leads to why it counts.</p>\n"
      "{}{}",
      entries, and_more(left));
  return section;
}

}  // namespace skillaudit::html
