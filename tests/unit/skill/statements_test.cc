#include "harness/skill/statements.h"

#include <gmock/gmock.h>

namespace skillaudit {

void PrintTo(const LineRange& range, std::ostream* out) {
  *out << range.first << '-' << range.last;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<LineRange> shell(std::string_view code) {
  return statements_of(code, CodeLanguage::Shell);
}

TEST(Statements, TellTheLanguageByTheFirstLineOrTheName) {
  EXPECT_EQ(language_of("run", "#!/usr/bin/env -S python3.11 -u\n"), CodeLanguage::Python);
  EXPECT_EQ(language_of("run.py", "#!/bin/sh -e\n"), CodeLanguage::Shell);
  EXPECT_EQ(language_of("lib/a.mjs", "x()\n"), CodeLanguage::JavaScript);
  EXPECT_EQ(language_of("lib/a.rb", "x()\n"), CodeLanguage::Other);
  EXPECT_EQ(language_of(".sh/readme", "x"), CodeLanguage::Other);
}

TEST(Statements, OfTheShellAreItsCommands) {
  EXPECT_THAT(shell("#!/bin/bash\n"
                    "# only a comment\n"
                    "\n"
                    "usage() {\n"
                    "  echo usage\n"
                    "}\n"
                    "if [ -z \"$1\" ]; then\n"
                    "  usage\n"
                    "else\n"
                    "  for f in *; do rm \"$f\"; done\n"
                    "fi\n"),
              ElementsAre(LineRange{5, 5}, LineRange{7, 7}, LineRange{8, 8}, LineRange{10, 10}));
}

TEST(Statements, OfACaseAreWhatItsPatternsLeadTo) {
  EXPECT_THAT(shell("case \"$1\" in\n"
                    "  sync|pull)\n"
                    "    do_sync ;;\n"
                    "  (clean) rm -rf x ;;\n"
                    "  *) ;;\n"
                    "esac\n"),
              ElementsAre(LineRange{1, 1}, LineRange{3, 3}, LineRange{4, 4}));
}

TEST(Statements, HaveAllLinesThatTheyTake) {
  EXPECT_THAT(shell("curl -s \\\n"
                    "  https://a.example\n"
                    "text='one # no comment\n"
                    "two'\n"
                    "cat <<-'END' >a\n"
                    "rm -rf / # body\n"
                    "\tEND\n"
                    "list=(\n"
                    "  one\n"
                    ")\n"
                    "x=$(date \\\n"
                    "  +%s)\n"
                    "echo ${#list[@]} $((1 + (2 * 3)))\n"
                    "(cd a && make)\n"),
              ElementsAre(LineRange{1, 2}, LineRange{3, 4}, LineRange{5, 7}, LineRange{8, 10},
                          LineRange{11, 12}, LineRange{13, 13}, LineRange{14, 14}));
}

TEST(Statements, OfBrokenCodeAreFoundAllTheSame) {
  EXPECT_THAT(shell("echo 'never closed\nrm x\n"), ElementsAre(LineRange{1, 2}));
  EXPECT_THAT(shell("cat <<END\nnever ended\n"), ElementsAre(LineRange{1, 2}));
  EXPECT_THAT(shell(""), IsEmpty());
  EXPECT_THAT(shell("\\"), IsEmpty());
}

TEST(Statements, OfJavaScriptAreItsLinesThatAct) {
  EXPECT_THAT(statements_of("#!/usr/bin/env node\n"
                            "// a comment\n"
                            "/* two\n"
                            "   lines */ run()\n"
                            "if (x) {\n"
                            "  await f(`text\n"
                            "    more`)\n"
                            "} else {\n"
                            "  g('// no comment')\n"
                            "}\n",
                            CodeLanguage::JavaScript),
              ElementsAre(LineRange{4, 4}, LineRange{5, 5}, LineRange{6, 6}, LineRange{7, 7},
                          LineRange{9, 9}));
}

}  // namespace
}  // namespace skillaudit
