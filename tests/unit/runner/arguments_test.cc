#include "harness/runner/arguments.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kFiles = {".env", "README.md", "package.json",
                                         "src/tidewatch/forecast.py", "stations.csv"};

std::vector<std::string> asked(std::string_view said, std::string_view code = "",
                               const std::vector<std::string>& given = {}) {
  return arguments_asked(said, code, "words.py", given, kFiles);
}

TEST(ArgumentsAsked, AreThoseOfTheUsageLine) {
  EXPECT_THAT(asked("usage: words.py [-h] [--unique] document\nwords.py: error: the following "
                    "arguments are required: document\n"),
              ElementsAre("README.md"));
  EXPECT_THAT(asked("usage: by_length.py FILE\n"), ElementsAre("README.md"));
  EXPECT_THAT(asked("Usage: python3 scripts/words.py <data.csv> <number> [options]\n"),
              ElementsAre("stations.csv", "3"));
  EXPECT_THAT(asked("Usage:\n  words.py --data TABLE.csv --url URL --quiet\n"),
              ElementsAre("--data", "stations.csv", "--url", "https://example.com/", "--quiet"));
  EXPECT_THAT(asked("usage: words.py [-h] --input FILE\n                [--all] OUTPUT_DIR\n"),
              ElementsAre("--input", "README.md", "output"));
  EXPECT_THAT(asked("usage: words.py [files ...]\nplease provide a file\n"),
              ElementsAre("README.md"));
}

TEST(ArgumentsAsked, BracketsAroundPlaceholdersAreNoChoice) {
  EXPECT_THAT(asked("Usage: words.py [input pdf] [output json]\n"), testing::SizeIs(2));
  EXPECT_THAT(asked("Usage: words.py [input pdf] [values.json] [output pdf]\n"),
              testing::SizeIs(3));
  EXPECT_THAT(asked("usage: words.py [file] [count]\n"), testing::SizeIs(1));
}

TEST(ArgumentsAsked, ASubcommandIsChosenAndKept) {
  const auto first = asked("usage: words.py [-h] {count,sort} ...\n");
  EXPECT_THAT(first, ElementsAre("count"));
  EXPECT_THAT(asked("usage: words.py count [-h] document\n", "", first),
              ElementsAre("count", "README.md"));
  EXPECT_THAT(asked("Usage: words.py [OPTIONS] COMMAND [ARGS]...\n\nCommands:\n  build  Builds.\n"),
              ElementsAre("build"));
}

TEST(ArgumentsAsked, OfCodeThatOnlyTakesThemTheirNamesTell) {
  EXPECT_THAT(asked("IndexError: list index out of range\n",
                    "import sys\nurl = sys.argv[1]\nout_file = sys.argv[2]\n"),
              ElementsAre("https://example.com/", "output.txt"));
  EXPECT_THAT(asked("run.sh: line 2: $1: unbound variable\n", "set -u\nDATA_JSON=\"$1\"\n"),
              ElementsAre("package.json"));
  EXPECT_THAT(asked("please provide a file\n"), ElementsAre("README.md"));
}

TEST(WithArguments, TriesAgainOnlyWhatAskedForThem) {
  Skill skill;
  skill.files = {{"scripts/words.py"}};
  PlannedStep planned;
  planned.name = "scripts/words.py";
  planned.command = "python3 ./scripts/words.py";
  Step step;
  step.exit_code = 2;
  step.err = "usage: words.py FILE\n";
  const auto again = with_arguments(planned, step, skill, kFiles);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->command, "python3 ./scripts/words.py 'README.md'");
  EXPECT_EQ(again->name, "scripts/words.py with arguments");
  EXPECT_FALSE(with_arguments(*again, step, skill, kFiles)) << "it asks for the same again";
  step.err = "ZeroDivisionError: division by zero\n";
  EXPECT_FALSE(with_arguments(planned, step, skill, kFiles));
  planned.command += " x.txt";
  step.err = "usage: words.py FILE\n";
  EXPECT_FALSE(with_arguments(planned, step, skill, kFiles)) << "somebody gave it arguments";
}

}  // namespace
}  // namespace skillaudit
