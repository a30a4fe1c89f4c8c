// Writes the pages that tests/unit/reports/html_in_chromium.py looks at: html_pages FOLDER.
//
// For each hostile text a page with it wherever a guest or a skill can put one, and a twin with a
// harmless text of the same shape: hostile-0.html and harmless-0.html. And plain.html, the report
// of an ordinary audit.
#include <fmt/core.h>

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/rules/rules.h"
#include "reports/audit_index.h"
#include "reports/render.h"
#include "tests/unit/reports/eventful.h"
#include "tests/unit/reports/hostile_texts.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;

/// With an agent too, whose texts the guest writes.
std::string page_of(const std::string& text) {
  AuditBuilder audit = testing::eventful(text);
  testing::drive(audit, text);
  // As a comment: what the shell would make of it is a matter of the grading, not of the page.
  for (Step& step : audit.evidence.execution.steps) step.command = "true # " + text;
  // Nor is what its description would excuse: that would differ in the harmless twin.
  AuditBuilder judged = audit;
  judged.evidence.skill.description = "Says what it is for.";
  Assessment assessment = judged.assessed();
  assessment.consented.push_back({.verb = Verb::Modify,
                                  .object = text,
                                  .effect_class = EffectClass::Lasting,
                                  .rule = "persistence.shell-startup",
                                  .statement = text,
                                  .place = text});
  return render_html(audit.evidence, assessment);
}

/// An audit for each of `texts`, with it wherever a skill can put one, and one that was not made.
std::string index_of(const std::vector<std::string>& texts) {
  std::vector<IndexedAudit> audits;
  for (const std::string& text : texts) {
    const std::string shown = printable(text);
    audits.push_back(
        {.name = shown,
         .outcome = {.verdict = Verdict::Rejected,
                     .grade = Grade::F,
                     .overall = 12.5,
                     .findings = {{.rule = "a.b",
                                   .severity = Severity::Critical,
                                   .title = "It deletes " + as_code(text)}}},
         .coverage = {.units = {{.place = text, .ran = true, .lines = 6, .lines_ran = 5}}},
         .seconds = 8.25,
         .bundle = text,
         .source = GitSource{text, text, text, text}});
    audits.push_back({.name = shown, .error = shown, .exit_code = 65});
  }
  return render_index_html(make_index(std::move(audits), 65));
}

void write_pages(const std::filesystem::path& folder) {
  std::size_t number = 0;
  for (const std::string& text : testing::hostile_texts()) {
    write_file(folder / fmt::format("hostile-{}.html", number), page_of(text));
    write_file(folder / fmt::format("harmless-{}.html", number), page_of(testing::twin_of(text)));
    ++number;
  }
  std::vector<std::string> twins;
  for (const std::string& text : testing::hostile_texts()) twins.push_back(testing::twin_of(text));
  write_file(folder / "index-of-hostile.html", index_of(testing::hostile_texts()));
  write_file(folder / "index-of-harmless.html", index_of(twins));
  write_file(folder / "index.html", index_of({"notes", "weather-report", "pdf"}));
  const AuditBuilder plain = testing::calibration();
  write_file(folder / "plain.html", render_html(plain.evidence, plain.assessed()));
}

}  // namespace
}  // namespace skillaudit

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: html_pages FOLDER\n");
    return 64;
  }
  try {
    skillaudit::write_pages(argv[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "html_pages: {}\n", error.what());
    return 70;
  }
}
