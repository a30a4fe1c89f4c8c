#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/ci_formats.h"
#include "reports/gated.h"

namespace skillaudit {
namespace {

/// GitHub shows no more of a level in a step.
constexpr std::size_t kMostOfALevel = 10;
constexpr std::size_t kMostText = 2000;

/// The runner still takes "##[command]" for a command, wherever in a line it stands, and another
/// one "##vso[".
std::string without_old_commands(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '#' && out.ends_with('#')) out += ' ';
    out += c;
  }
  return out;
}

/// As the toolkit's escapeData() and escapeProperty().
std::string escaped(std::string_view raw, bool property) {
  std::string out;
  for (const char c : without_old_commands(raw)) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

enum class Level { Error, Warning, Notice };

struct Annotation {
  Level level = Level::Error;
  std::string file;
  int line = 0;
  std::string title;
  std::string message;
};

std::string command_of(const Annotation& each) {
  constexpr std::array<std::string_view, 3> kNames = {"error", "warning", "notice"};
  std::string properties;
  if (!each.file.empty()) properties += "file=" + escaped(each.file, true) + ",";
  if (!each.file.empty() && each.line > 0) properties += fmt::format("line={},", each.line);
  return fmt::format("::{} {}title={}::{}\n", kNames[static_cast<std::size_t>(each.level)],
                     properties, escaped(shorten(each.title, 200), true),
                     escaped(shorten(each.message, kMostText), false));
}

Level level_of(Severity severity, bool passes) {
  if (severity == Severity::Low) return Level::Notice;
  // A check that is green and shows errors is not believed.
  return severity == Severity::Medium || passes ? Level::Warning : Level::Error;
}

Annotation annotation_of(const GatedFinding& each, const GatedAudit& audit, const Skill& skill,
                         const CiPlace& place) {
  const Finding& finding = *each.finding;
  Annotation annotation{.level = level_of(each.gate.severity, audit.passes)};
  annotation.title = fmt::format("{} {}{}", name_of(each.gate.severity), finding.rule,
                                 each.gate.is_new ? " (new)" : "");
  annotation.message = finding.title;
  if (!finding.recommendation.empty()) annotation.message += "\n" + finding.recommendation;
  const std::vector<SourceLocation> places = source_locations(finding, skill);
  if (!places.empty()) {
    annotation.file = printable(path_in_repository(place.folder, places.front().file));
    annotation.line = places.front().line;
  }
  return annotation;
}

std::vector<Annotation> annotations_of(const Evidence& evidence, const Assessment& assessment,
                                       const GateResult* gate, const CiPlace& place) {
  const GatedAudit audit = gated(assessment, gate);
  const std::string skill = printable(evidence.skill.name);
  std::vector<Annotation> all;
  const std::vector<std::string> missing = missing_evidence(evidence, assessment);
  if (!missing.empty())
    all.push_back({.title = skill + ": evidence is missing", .message = join(missing, "\n")});
  if (gate != nullptr && !gate->passed)
    all.push_back(
        {.title = skill + " does not pass the gate", .message = join(gate->failures, "\n")});
  if (gate == nullptr && !audit.passes && missing.empty())
    all.push_back({.title = fmt::format("{}: {}", skill, verdict_words(audit.in_force)),
                   .message = join(assessment.reasons, "\n")});
  for (const GatedFinding& each : counting(audit))
    all.push_back(annotation_of(each, audit, evidence.skill, place));
  return all;
}

}  // namespace

std::string render_github_annotations(const Evidence& evidence, const Assessment& assessment,
                                      const GateResult* gate, const CiPlace& place) {
  std::string text;
  std::array<std::size_t, 3> shown{};
  std::size_t left = 0;
  for (const Annotation& each : annotations_of(evidence, assessment, gate, place)) {
    // The last notice is the one that says how many are left out.
    const std::size_t most = each.level == Level::Notice ? kMostOfALevel - 1 : kMostOfALevel;
    if (shown[static_cast<std::size_t>(each.level)]++ < most)
      text += command_of(each);
    else
      ++left;
  }
  if (left > 0)
    text +=
        command_of({.level = Level::Notice,
                    .title = printable(evidence.skill.name),
                    .message = fmt::format("{} more: see the report", count_of(left, "finding"))});
  return text;
}

}  // namespace skillaudit
