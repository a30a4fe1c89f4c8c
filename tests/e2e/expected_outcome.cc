#include "tests/e2e/expected_outcome.h"

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace skillaudit {

using nlohmann::json;
using testing::Contains;
using testing::IsEmpty;

std::string plain(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string all_findings(const json& report) {
  std::string text;
  for (const json& finding : report.at("findings"))
    text += plain(finding.at("axis")) + " " + plain(finding.at("severity")) + " " +
            text_of_finding(finding) + "\n\n";
  return text.empty() ? "no finding" : text;
}

namespace {

std::vector<std::string> strings(const YAML::Node& list) {
  std::vector<std::string> result;
  for (const YAML::Node& each : list) result.push_back(each.as<std::string>());
  return result;
}

bool contains_all(const std::string& text, const std::vector<std::string>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return text.find(part) != std::string::npos; });
}

void expect_findings(const json& report, const YAML::Node& expected) {
  if (expected["none"]) {
    EXPECT_THAT(report.at("findings"), IsEmpty()) << all_findings(report);
  }
  for (const YAML::Node& wanted : expected["occur"]) {
    const bool found = std::any_of(
        report.at("findings").begin(), report.at("findings").end(), [&](const json& finding) {
          return finding.at("axis") == wanted["axis"].as<std::string>() &&
                 finding.at("severity") == wanted["severity"].as<std::string>() &&
                 contains_all(text_of_finding(finding), strings(wanted["contains"]));
        });
    EXPECT_TRUE(found) << "expected " << wanted << "\namong\n" << all_findings(report);
  }
}

void expect_recommendations(const json& report, const YAML::Node& expected) {
  const json& recommendations = report.at("recommendations");
  ASSERT_EQ(recommendations.size(), expected.size()) << recommendations.dump(1);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(recommendations[i].at("severity"), expected[i]["severity"].as<std::string>());
    EXPECT_TRUE(contains_all(recommendations[i].at("text"), strings(expected[i]["contains"])))
        << recommendations[i].dump();
  }
}

}  // namespace

void expect_outcome(const Audited& audited, const std::string& name) {
  const YAML::Node expected = YAML::LoadFile((kExamples / "expected" / (name + ".yaml")).string());
  const json& report = audited.report;
  EXPECT_THAT(strings(expected["verdict"]), Contains(plain(report.at("verdict"))));
  EXPECT_THAT(strings(expected["grade"]), Contains(plain(report.at("grade"))));
  EXPECT_THAT(strings(expected["exit_code"]), Contains(std::to_string(audited.program.exit_code)));
  EXPECT_EQ(report.at("after_fixing").get<bool>(), expected["after_fixing"].as<bool>(false));
  for (const auto& score : expected["scores"])
    EXPECT_EQ(report.at("scores").at(score.first.as<std::string>()), score.second.as<double>())
        << score.first << "\n"
        << all_findings(report);
  expect_findings(report, expected["findings"]);
  if (expected["recommendations"]) expect_recommendations(report, expected["recommendations"]);
  for (const std::string& text : strings(expected["report_contains"]))
    EXPECT_TRUE(contains_all(audited.markdown, {text})) << "report.md does not name " << text;
  // What a host would have answered nobody knows; all else was seen.
  for (const nlohmann::json& gap : report.at("gaps"))
    EXPECT_TRUE(gap.at("kind") == "not_exercised" && report.at("verdict") == "REJECTED") << gap;
}

}  // namespace skillaudit
