#include <gtest/gtest.h>

#include <cstdio>
#include <ctime>
#include <string>

#include "harness/consent/render_consent.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit {
namespace {

using testing::at;
using testing::consent_of;

/// Of this process, so that a busy machine makes no test fail.
double processor_time() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Documents that somebody wrote to make an audit slow. The limit leaves room for a slow machine
/// and a build without optimisation; each takes a fraction of it.
class ConsentBounds : public ::testing::Test {
 protected:
  static Consent read(const std::string& body) {
    const double start = processor_time();
    Consent consent = consent_of(body);
    const std::string text = render_consent(consent);
    const double took = processor_time() - start;
    EXPECT_LT(took, 20.0);
    std::printf("%s: %.2f s, %zu statements\n",
                ::testing::UnitTest::GetInstance()->current_test_info()->name(), took,
                consent.statements().size());
    EXPECT_LT(text.size(), 100U << 20);
    return consent;
  }

  static std::string repeated(const std::string& part, std::size_t bytes) {
    std::string all;
    all.reserve(bytes + part.size());
    while (all.size() < bytes) all += part;
    return all;
  }

  static constexpr std::size_t kTen = 10 << 20;
};

TEST_F(ConsentBounds, ADocumentOfTenMegabytesIsReadInPart) {
  const Consent consent =
      read("Deletes `~/first.md`.\n\n" + repeated("It reads `~/a/b.md` and more.\n\n", kTen) +
           "Deletes `~/last.md`.\n");
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/first.md")).extent, ConsentExtent::Exactly);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/last.md")).extent, ConsentExtent::None);
  ASSERT_FALSE(consent.cuts().empty());
  EXPECT_NE(consent.cuts()[0].find("more than 1 MiB"), std::string::npos) << consent.cuts()[0];
}

TEST_F(ConsentBounds, ALineOfTenMegabytesEndsTheDocument) {
  const Consent consent = read("Deletes `~/first.md`.\n\n<!-- " + std::string(kTen, 'x') +
                               "\n\nDeletes `~/last.md`.\n\n-->\n");
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/first.md")).extent, ConsentExtent::Exactly);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/last.md")).extent, ConsentExtent::None);
  EXPECT_FALSE(consent.cuts().empty());
}

TEST_F(ConsentBounds, AHundredThousandPaths) {
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += "- `~/d" + std::to_string(i) + "/*.md`\n";
  const Consent consent = read("Deletes:\n\n" + body);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/d7/x.md")).extent, ConsentExtent::Exactly);
  const double start = processor_time();
  for (int i = 0; i < 10'000; ++i)
    (void)consent.covers(Verb::Delete, at("~/e" + std::to_string(i)));
  EXPECT_LT(processor_time() - start, 20.0);
}

TEST_F(ConsentBounds, PathsInOneSentence) {
  std::string body = "Reads ";
  for (int i = 0; i < 100'000; ++i) body += "`~/p" + std::to_string(i) + "`, ";
  (void)read(body + "and `~/end`.\n");
}

TEST_F(ConsentBounds, ListsNestedAThousandDeep) {
  std::string body = "Deletes:\n\n";
  for (int i = 0; i < 1000; ++i)
    body +=
        std::string(static_cast<std::size_t>(2 * i), ' ') + "- `~/n" + std::to_string(i) + ".md`\n";
  const Consent consent = read(body);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/n3.md")).extent, ConsentExtent::Exactly);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/n999.md")).extent, ConsentExtent::None);
  EXPECT_FALSE(consent.cuts().empty());
}

TEST_F(ConsentBounds, QuotationsNestedDeep) { (void)read(repeated(">", 30'000) + " x\n"); }
TEST_F(ConsentBounds, QuotationsWithinBounds) {
  (void)read(repeated(repeated("> ", 190 * 2) + "x\n", 1 << 20));
}
TEST_F(ConsentBounds, OpenBrackets) { (void)read(repeated("[", 30'000)); }
TEST_F(ConsentBounds, OpenBracketsOnManyLines) {
  (void)read(repeated(repeated("[a](", 1000) + "\n", 200'000));
}
TEST_F(ConsentBounds, OpenImages) {
  (void)read(repeated(repeated("![[]()", 1000) + "\n", 200'000));
}
TEST_F(ConsentBounds, Emphasis) { (void)read(repeated(repeated("*a_ ", 1000) + "\n", 200'000)); }
TEST_F(ConsentBounds, Strikethrough) {
  (void)read(repeated(repeated("~~a ", 1000) + "\n", 200'000));
}
TEST_F(ConsentBounds, Backticks) {
  std::string body;
  for (std::size_t i = 1; i < 600; ++i) body += "e" + std::string(i, '`');
  (void)read(repeated(body + "\n", 180'000).substr(0, 30'000));
}
TEST_F(ConsentBounds, HtmlTags) {
  (void)read(repeated(repeated("<a <!-- ", 1000) + "\n", 200'000));
}
TEST_F(ConsentBounds, HtmlElements) { (void)read(repeated(repeated("<b>", 1000) + "\n", 1 << 20)); }
TEST_F(ConsentBounds, Tables) {
  (void)read("|a|b|\n|-|-|\n" + repeated("|`~/x`|deleted|\n", 200'000));
}
TEST_F(ConsentBounds, WideTables) {
  const std::string cells = repeated("|a", 20'000);
  (void)read(cells + "|\n" + repeated("|-", 20'000) + "|\n" + repeated("|x\n", 100'000));
}
TEST_F(ConsentBounds, Parentheses) { (void)read("Deletes " + repeated("(`~/a` ", 30'000)); }
TEST_F(ConsentBounds, Commands) { (void)read("```bash\n" + repeated("$(", 30'000) + "\n```\n"); }
TEST_F(ConsentBounds, ManyCommands) {
  (void)read("```bash\n" + repeated("rm -rf ~/a/b\n", 200'000) + "```\n");
}
TEST_F(ConsentBounds, Globs) {
  (void)read(repeated("Deletes `~/a" + repeated("*a", 900) + "b`.\n\n", 1 << 20));
}
TEST_F(ConsentBounds, Units) {
  (void)read("Enables " + repeated("`a.service`, `b.sh`, `A_KEY`, a.example.com, ", 30'000) +
             ".\n");
}

TEST_F(ConsentBounds, InvalidUtf8CoversWhatCanBeRead) {
  const Consent consent = read(
      "Deletes `~/a.md`.\n\n\xff\xfe Deletes `~/\xc3.md` \xed\xa0\x80.\n\nDeletes `~/b.md`.\n");
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/b.md")).extent, ConsentExtent::Exactly);
}

TEST_F(ConsentBounds, NulBytes) { (void)read(std::string("Deletes `~/a\0b`.\n", 17)); }

}  // namespace
}  // namespace skillaudit
