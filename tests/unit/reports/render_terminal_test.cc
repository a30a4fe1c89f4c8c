#include "reports/render_terminal.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/text.h"
#include "reports/terminal_text.h"
#include "tests/unit/analysis/evidence_builder.h"
#include "tests/unit/reports/eventful.h"
#include "tests/unit/reports/hostile_texts.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::calibration;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::regular;

std::string shown(const AuditBuilder& audit, const TerminalStyle& style) {
  return render_terminal(audit.evidence, audit.assessed(), style);
}

/// Without our own colours.
std::string without_colours(std::string text) {
  for (std::size_t at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at))
    text.erase(at, text.find('m', at) - at + 1);
  return text;
}

TEST(Terminal, ShowsAnAuditOnOneScreen) {
  AuditBuilder audit;
  audit.added(regular("/tmp/left-over", 2048)).cron("* * * * * /opt/w");
  audit.add(AuditBuilder::request("POST", "evil.example", "/x"));
  EXPECT_EQ(shown(audit, {.columns = 60, .page = "b/report.html"}), R"(
[NEEDS REVIEW]  grade C
set up * * * * * /opt/w to run by itself
contacted https://evil.example · wrote /tmp/left-over
changed and deleted none of your files
1 of 1 command ran, lines not measured
example
  cron.added needs a review: lasting, undocumented
  network.unexpected-host needs a review: exposing,
  undocumented

FINDINGS  3
  HIGH
    - A cron job was added: `* * * * * /opt/w` (−25
      security)
        after/cron: /var/spool/cron/crontabs/ubuntu (user
        ubuntu): * * * * * /opt/w
    - The skill contacted an undocumented host that was not
      allowed: `https://evil.example` (−30 security)
        flows.jsonl#1: POST https://evil.example/x, blocked
  MEDIUM
    - Temporary files were left behind: `/tmp/left-over`
      (−10 cleanliness)
        after/files: added /tmp/left-over (regular file, 2.0
        KiB, mode 0644)

WHAT TO DO NEXT
  HIGH     Document the cron job `* * * * * /opt/w` and how
           to remove it, or do not add it
  HIGH     Document why the skill needs
           `https://evil.example`, or do not contact it
  MEDIUM   Clean up the /tmp files before the skill exits:
           `/tmp/left-over`

NETWORK  1 host
  blocked  https://evil.example (0 allowed, 1 blocked, 0 B
           sent, 0 B received)

FILES  +1 added, ~0 modified, −0 deleted, 2.0 KiB
  /tmp/ +1 2.0 KiB
  └─ + left-over

SCORES
  How good the work is, by axis. No score takes part in the
  verdict, and beside NEEDS REVIEW no grade is better than
  C.
  execution      ██████████████████████████████████████ 100
  cleanliness    ██████████████████████████████████▎    90
  security       █████████████████▏                     45
  portability    ██████████████████████████████████████ 100
  documentation  ██████████████████████████████████████ 100

Report: b/report.html
)");
}

TEST(Terminal, HasEachPartInTheOrderOfADecision) {
  const std::string text = shown(calibration(), {.columns = 80, .page = "bundle/report.html"});
  std::size_t at = 0;
  for (const char* part : {"[APPROVED after fixing]  grade B (89.2)\n",
                           "\ncontacted nobody but the package mirrors\n",
                           "vm-report-sample\n",
                           "\nIT ASKS FOR  1\n",
                           "\nFINDINGS  5\n",
                           "  CRITICAL\n    - ",
                           "\nWHAT TO DO NEXT\n",
                           "  CRITICAL ",
                           "\nNETWORK  1 host\n",
                           "  allowed  http://mirror.example.com (",
                           "package managers)",
                           "\nFILES  +12 added, ~1 modified, −0 deleted",
                           "├─ .cache/skill-assets/ +8 117 KiB\n",
                           "└─ ",
                           "\nSCORES\n",
                           "  execution      ███",
                           " 100\n",
                           "  cleanliness    ███",
                           " 75\n",
                           "\nReport: bundle/report.html\n"}) {
    const std::size_t found = text.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << "\nin\n" << text;
    at = found;
  }
}

TEST(Terminal, NoLineIsLongerThanTheTerminalIsWide) {
  for (const std::string& hostile : testing::hostile_texts()) {
    AuditBuilder audit = testing::eventful(hostile);
    testing::drive(audit, hostile);
    for (const int columns : {40, 80, 120}) {
      const std::string text = without_colours(shown(audit, {.columns = columns, .colour = true}));
      for (const std::string_view line : split(text, '\n'))
        ASSERT_LE(columns_of(line), static_cast<std::size_t>(columns)) << line;
    }
  }
}

TEST(Terminal, TheOnlyEscapeSequencesAreItsOwn) {
  for (const std::string& hostile : testing::hostile_texts()) {
    const AuditBuilder audit = testing::eventful(hostile);
    const std::string plain = shown(audit, {.columns = 80});
    EXPECT_EQ(plain, printable_block(plain)) << "nothing is left to escape";
    const std::string coloured = shown(audit, {.columns = 80, .colour = true});
    EXPECT_THAT(coloured, HasSubstr("\x1b[1;30;41m REJECTED \x1b[0m"));
    const std::string bare = without_colours(coloured);
    EXPECT_EQ(bare, printable_block(bare));
  }
}

TEST(Terminal, LongListsAreCut) {
  AuditBuilder audit;
  for (int i = 0; i < 5000; ++i) audit.added(regular(fmt::format("/opt/d{}/f{}", i % 50, i)));
  for (int i = 0; i < 50; ++i)
    audit.add(AuditBuilder::request("GET", fmt::format("h{}.example", i), "/"));
  const std::string text = shown(audit, {});
  EXPECT_THAT(text, HasSubstr("FILES  +5000 added"));
  EXPECT_THAT(text, HasSubstr("and 42 more"));
  EXPECT_LT(split(text, '\n').size(), 150U);
}

TEST(Terminal, ACleanAuditSaysSo) {
  const std::string text = shown(AuditBuilder(), {});
  EXPECT_THAT(text, HasSubstr("[APPROVED]  grade A (100.0)"));
  EXPECT_THAT(text, HasSubstr("FINDINGS  0\n  none\n"));
  EXPECT_THAT(text, HasSubstr("NETWORK  no host was contacted\n"));
  EXPECT_THAT(text, HasSubstr("FILES  nothing changed\n"));
  EXPECT_THAT(text, Not(HasSubstr("Report:")));
}

TEST(TerminalText, CountsColumnsAndNotBytes) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("é─█"), 3U);
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1U);
  EXPECT_EQ(columns_of("✅"), 2U);
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("日本語", 4), "日…");
  EXPECT_EQ(fit("abcd", 4), "abcd");
  EXPECT_EQ(pad("日", 4), "日  ");
}

TEST(TerminalText, WrapsAtBlanksAndBreaksLongWords) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefgh ij", 3), ElementsAre("abc", "def", "gh", "ij"));
  EXPECT_THAT(wrap("日本語", 4), ElementsAre("日本", "語"));
  EXPECT_THAT(wrap("", 4), ElementsAre(""));
}

TEST(TerminalText, BarsAreDrawnInEighths) {
  EXPECT_EQ(bar(1, 2), "██");
  EXPECT_EQ(bar(0.5, 2), "█ ");
  EXPECT_EQ(bar(1.0 / 16, 2), "▏ ");
  EXPECT_EQ(bar(0, 2), "  ");
}

}  // namespace
}  // namespace skillaudit
