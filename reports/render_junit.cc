#include <fmt/core.h>

#include <map>

#include "harness/analysis/assess.h"
#include "harness/base/text.h"
#include "reports/ci_formats.h"
#include "reports/gated.h"
#include "reports/html_text.h"

namespace skillaudit {
namespace {

enum class Result { Passed, Failed, Error, Skipped };

struct TestCase {
  std::string name;
  Result result = Result::Passed;
  std::string type;     ///< of a failure or an error
  std::string message;  ///< in a line
  std::string text;     ///< lines
  std::string file;
  int line = 0;
  double seconds = 0;
};

/// XML 1.0 has no way to hold a control character, not even by its number (section 2.2).
std::string xml_text(std::string_view text) { return html_text(printable_block(text)); }

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TestCase verdict_case(const GatedAudit& audit, const Evidence& evidence,
                      const Assessment& assessment) {
  TestCase test{.name = "verdict",
                .message = verdict_words(audit.in_force),
                .text = lines_of(assessment.reasons),
                // The one case that stands for the whole audit: the sum over all cases is its time.
                .seconds = seconds_of(evidence)};
  test.type = name_of(audit.in_force.verdict);
  if (audit.in_force.verdict == Verdict::Inconclusive)
    test.result = Result::Error;
  else if (!audit.passes && audit.in_force.verdict != Verdict::Approved)
    test.result = Result::Failed;
  return test;
}

TestCase gate_case(const GateResult& gate) {
  TestCase test{.name = "gate"};
  if (!gate.passed) {
    test.result = Result::Failed;
    test.type = "gate";
    test.message = gate.failures.empty() ? "does not pass the gate" : gate.failures.front();
    test.text = lines_of(gate.failures);
  }
  if (!gate.notes.empty()) test.text += "Notes:\n" + lines_of(gate.notes);
  return test;
}

TestCase evidence_case(const Evidence& evidence, const Assessment& assessment) {
  TestCase test{.name = "evidence is complete"};
  const std::vector<std::string> missing = missing_evidence(evidence, assessment);
  if (missing.empty()) return test;
  test.result = Result::Error;
  test.type = "missing evidence";
  test.message = missing.size() == 1
                     ? missing.front()
                     : fmt::format("{} and {} more", missing.front(), missing.size() - 1);
  test.text = lines_of(missing);
  return test;
}

std::string name_for(const Finding& finding) {
  if (finding.subjects.empty()) return finding.rule;
  std::string name = fmt::format("{}: {}", finding.rule, finding.subjects.front());
  const std::size_t more = finding.subjects.size() - 1 + finding.unnamed;
  if (more > 0) name += fmt::format(" and {} more", more);
  return shorten(name, 300);
}

std::string text_for(const GatedFinding& each, bool has_baseline) {
  const Finding& finding = *each.finding;
  std::string text =
      fmt::format("{} {}: {}\n", name_of(each.gate.severity), name_of(finding.axis), finding.title);
  if (has_baseline) text += each.gate.is_new ? "New since the baseline.\n" : "In the baseline.\n";
  for (const Citation& citation : finding.evidence)
    text += fmt::format("{}: {}\n", text_of(citation.source), citation.text);
  if (!finding.recommendation.empty())
    text += fmt::format("What to do: {}\n", finding.recommendation);
  return text;
}

TestCase finding_case(const GatedFinding& each, const GatedAudit& audit, const Skill& skill,
                      bool has_baseline, const CiPlace& place) {
  TestCase test{.name = name_for(*each.finding),
                .type = std::string(name_of(each.gate.severity)),
                .message = each.finding->title,
                .text = text_for(each, has_baseline)};
  if (each.gate.standing != Standing::Counts) {
    test.result = Result::Skipped;
    test.message = why_set_aside(each.gate);
  } else if (!audit.passes && (audit.in_force.verdict != Verdict::Approved || each.gate.is_new)) {
    // Of an approved skill that a gate refuses for something else, old findings are not the reason.
    test.result = Result::Failed;
  }
  const std::vector<SourceLocation> places = source_locations(*each.finding, skill);
  if (!places.empty()) {
    test.file = printable(path_in_repository(place.folder, places.front().file));
    test.line = places.front().line;
  }
  return test;
}

std::string xml_of(const TestCase& test, std::string_view skill) {
  std::string xml = fmt::format(R"(    <testcase name="{}" classname="{}" time="{:.3f}")",
                                xml_text(test.name), xml_text(skill), test.seconds);
  if (!test.file.empty()) xml += fmt::format(R"( file="{}")", xml_text(test.file));
  if (test.line > 0) xml += fmt::format(R"( line="{}")", test.line);
  const std::string message = xml_text(shorten(test.message, 1000));
  const std::string output =
      test.text.empty() ? "" : "\n      <system-out>" + xml_text(test.text) + "</system-out>";
  switch (test.result) {
    case Result::Passed:
      return xml + (output.empty() ? "/>\n" : ">" + output + "\n    </testcase>\n");
    case Result::Skipped:
      return xml + fmt::format(">\n      <skipped message=\"{}\"/>{}\n    </testcase>\n", message,
                               output);
    case Result::Failed:
    case Result::Error:
      break;
  }
  const std::string_view tag = test.result == Result::Failed ? "failure" : "error";
  return xml +
         fmt::format(">\n      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n    </testcase>\n", tag,
                     message, xml_text(test.type), xml_text(test.text));
}

std::string properties_of(const Evidence& evidence, const Assessment& assessment,
                          const GatedAudit& audit, const GateResult* gate) {
  std::string xml = "    <properties>\n";
  const auto add = [&xml](std::string_view name, std::string_view value) {
    xml += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
  };
  add("verdict", name_of(assessment.verdict));
  add("after_fixing", assessment.after_fixing ? "true" : "false");
  add("grade", assessment.grade ? name_of(*assessment.grade) : "none");
  add("overall", score_text(assessment.overall));
  for (const Axis axis : kAxes)
    add(fmt::format("score.{}", name_of(axis)),
        score_text(assessment.scores[static_cast<std::size_t>(axis)]));
  if (gate != nullptr) {
    add("gate", gate->passed ? "passed" : "failed");
    add("gate.verdict", name_of(audit.in_force.verdict));
    add("gate.grade", audit.in_force.grade ? name_of(*audit.in_force.grade) : "none");
  }
  for (const AddedRules& each : rubric_of(assessment).added)
    add("added_rules", fmt::format("{} ({}), SHA-256 {}", printable(each.file),
                                   count_of(each.rules, "rule"), each.sha256));
  add("exit_code", fmt::format("{}", audit.exit_code));
  add("skill.sha256", printable(evidence.skill.sha256));
  add("skillaudit.version", printable(evidence.environment.skillaudit_version));
  add("os", printable(evidence.environment.os));
  return xml + "    </properties>\n";
}

std::vector<TestCase> cases_of(const Evidence& evidence, const Assessment& assessment,
                               const GatedAudit& audit, const GateResult* gate,
                               const CiPlace& place) {
  std::vector<TestCase> tests = {verdict_case(audit, evidence, assessment)};
  if (gate != nullptr) tests.push_back(gate_case(*gate));
  tests.push_back(evidence_case(evidence, assessment));
  const bool has_baseline = gate != nullptr && gate->since;
  std::map<std::string, int> seen;
  for (const GatedFinding& each : audit.findings) {
    tests.push_back(finding_case(each, audit, evidence.skill, has_baseline, place));
    // Readers take cases of one name for one case.
    std::string& name = tests.back().name;
    if (const int number = ++seen[name]; number > 1) name += fmt::format(" ({})", number);
  }
  return tests;
}

}  // namespace

std::string render_junit(const Evidence& evidence, const Assessment& assessment,
                         const GateResult* gate, const CiPlace& place) {
  const GatedAudit audit = gated(assessment, gate);
  const std::string skill = shorten(printable(evidence.skill.name), 300);
  std::string body;
  std::array<std::size_t, 4> counts{};
  const std::vector<TestCase> tests = cases_of(evidence, assessment, audit, gate, place);
  for (const TestCase& test : tests) {
    body += xml_of(test, skill);
    ++counts[static_cast<std::size_t>(test.result)];
  }
  const auto count = [&counts](Result result) { return counts[static_cast<std::size_t>(result)]; };
  const std::string totals = fmt::format(
      R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")", tests.size(),
      count(Result::Failed), count(Result::Error), count(Result::Skipped), seconds_of(evidence));
  // The format's times are in UTC and have no zone.
  std::string began = printable(evidence.started_at);
  if (began.ends_with('Z')) began.pop_back();
  if (!began.empty()) began = fmt::format(R"( timestamp="{}")", xml_text(began));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"skillaudit\" {}>\n"
      "  <testsuite name=\"{}\" {}{}>\n{}{}  </testsuite>\n</testsuites>\n",
      totals, xml_text(skill), totals, began, properties_of(evidence, assessment, audit, gate),
      body);
}

}  // namespace skillaudit
