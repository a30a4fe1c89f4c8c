#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/words/asked.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

/// One line of data/labelled.tsv.
struct Labelled {
  bool act = false;
  std::string verb;
  std::string object;
  std::string text;
};

std::vector<Labelled> labelled() {
  const std::string data = read_file(SKILLAUDIT_TEST_DATA "/labelled.tsv", 1U << 20);
  std::vector<Labelled> rows;
  for (const std::string_view line : split(data, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    Labelled row{cells.at(0) == "act", std::string(cells.at(1)), std::string(cells.at(2)), {}};
    std::string text(cells.at(3));
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n"))
      text.replace(at, 2, "\n");
    row.text = std::move(text);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string shown(const WordsReading& reading) {
  std::string text;
  for (const Asked& asked : reading.asked) {
    text += fmt::format(" [{}", name_of(asked.act));
    for (const ActTarget& target : asked.targets) text += " " + target.text;
    text += asked.content.empty() ? "]" : " <" + asked.content + ">]";
  }
  if (!reading.not_interpreted.empty()) text += " [not interpreted]";
  return text.empty() ? " nothing" : text;
}

bool finds(const WordsReading& reading, const Labelled& row) {
  for (const Asked& asked : reading.asked) {
    if (name_of(asked.act) != row.verb) continue;
    for (const ActTarget& target : asked.targets)
      if (target.text.find(row.object) != std::string::npos ||
          (row.object == "env" && target.kind == ActTarget::Kind::Environment))
        return true;
    if (asked.content.find(row.object) != std::string::npos) return true;
  }
  return false;
}

TEST(Labelled, InstructionsAreFoundAndNothingElseIs) {
  std::size_t acts = 0, found = 0, named = 0, others = 0, wrong = 0;
  for (const Labelled& row : labelled()) {
    const WordsReading reading = read_words(parse_document(row.text));
    if (row.act) {
      ++acts;
      if (finds(reading, row)) {
        ++found;
      } else {
        if (!reading.not_interpreted.empty()) ++named;
        fmt::print("missed: {} {} in: {}\n  {}\n", row.verb, row.object, row.text, shown(reading));
      }
    } else {
      ++others;
      if (reading.asked.empty() && reading.not_interpreted.empty()) continue;
      ++wrong;
      fmt::print("false:{} in: {}\n", shown(reading), row.text);
    }
  }
  const double recall = 100.0 * static_cast<double>(found) / static_cast<double>(acts);
  const double false_acts = 100.0 * static_cast<double>(wrong) / static_cast<double>(others);
  fmt::print(
      "{} of {} instructions found: recall {:.1f} %, {} of the others named as not "
      "interpreted; {} of {} other sentences taken for acts: {:.1f} %\n",
      found, acts, recall, named, wrong, others, false_acts);
  EXPECT_GE(acts, 50U);
  EXPECT_GE(recall, 85.0);
  EXPECT_LE(false_acts, 5.0);
}

}  // namespace
}  // namespace skillaudit
