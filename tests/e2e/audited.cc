#include "tests/e2e/audited.h"

#include <stdexcept>

#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {

Audited read_audit(CommandResult program, const std::filesystem::path& bundle) {
  if (!std::filesystem::exists(bundle / "report.json"))
    throw std::runtime_error("no report was written; skillaudit ended with exit code " +
                             std::to_string(program.exit_code) + " and said: " + program.err);
  Audited audited{.program = std::move(program), .bundle = bundle};
  audited.report = nlohmann::json::parse(read_file(bundle / "report.json"));
  audited.markdown = read_file(bundle / "report.md");
  return audited;
}

std::vector<std::string> rows_of_table(const std::string& printed) {
  std::vector<std::string> found;
  const std::size_t head = printed.find("\nAUDIT ");
  if (head == std::string::npos) return found;
  for (const std::string_view line : split(std::string_view(printed).substr(head + 1), '\n')) {
    if (line.empty() || line.starts_with("Index: ")) break;
    found.emplace_back(line.substr(0, line.find("  ")));
  }
  found.erase(found.begin());
  return found;
}

std::string text_of_finding(const nlohmann::json& finding) {
  std::string text = finding.at("title").get<std::string>() + "\n" +
                     finding.at("recommendation").get<std::string>();
  for (const nlohmann::json& citation : finding.at("evidence"))
    text += "\n" + citation.at("source").get<std::string>() + ": " +
            citation.at("text").get<std::string>();
  return text;
}

std::vector<std::string> gap_texts(const nlohmann::json& report) {
  std::vector<std::string> texts;
  for (const auto& gap : report.at("gaps")) texts.push_back(gap.at("text").get<std::string>());
  return texts;
}

nlohmann::json without_times(nlohmann::json report) {
  for (const char* part : {"timing", "resources"}) report.erase(part);
  report.at("environment").erase("started_at");
  for (auto& effect : report.at("effects")) effect.erase("evidence");
  return report;
}

}  // namespace skillaudit
