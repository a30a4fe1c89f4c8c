#include <fmt/core.h>
#include <gmock/gmock.h>

#include <chrono>
#include <regex>

#include "harness/base/hash.h"
#include "reports/change_tree.h"
#include "reports/html_text.h"
#include "reports/render.h"
#include "tests/unit/analysis/evidence_builder.h"
#include "tests/unit/reports/eventful.h"
#include "tests/unit/reports/hostile_texts.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::calibration;
using testing::folder;
using ::testing::HasSubstr;
using testing::kHome;
using ::testing::Not;
using testing::regular;

std::string html_of(const AuditBuilder& audit) {
  return render_html(audit.evidence, audit.assessed());
}

AuditBuilder everything(const std::string& text) {
  AuditBuilder audit = testing::eventful(text);
  testing::drive(audit, text);
  return audit;
}

/// What stands between tags: text without markup, references not resolved.
std::string text_of(const std::string& page) {
  return std::regex_replace(page.substr(page.find("</style>")), std::regex("<[^>]*>"), " ");
}

TEST(ReportHtml, HasItsSectionsInTheOrderOfADecision) {
  const std::string page = html_of(calibration());
  std::size_t at = 0;
  for (const char* part : {"<!doctype html>",
                           "<html lang=\"en\">",
                           "<header class=\"verdict review\">",
                           "<h1>vm-report-sample</h1>",
                           "APPROVED after fixing",
                           "Grade B",
                           "<b>89.2</b> of 100",
                           "<ul class=\"telling\">",
                           "<nav aria-label=",
                           "<main id=\"main\">",
                           "<section id=\"asks\"",
                           "<section id=\"findings\"",
                           "<section id=\"next\"",
                           "<section id=\"checks\"",
                           "<section id=\"timeline\"",
                           "<section id=\"network\"",
                           "<section id=\"files\"",
                           "<section id=\"packages\"",
                           "<section id=\"system\"",
                           "<section id=\"processes\"",
                           "<section id=\"steps\"",
                           "<section id=\"resources\"",
                           "<section id=\"scores\"",
                           "<dt>Execution</dt>",
                           "<section id=\"skill\"",
                           "<section id=\"unseen\"",
                           "<section id=\"environment\"",
                           "</main>",
                           "</html>"}) {
    const std::size_t found = page.find(part, at);
    ASSERT_NE(found, std::string::npos) << part;
    at = found;
  }
}

TEST(ReportHtml, SaysWhatTheMarkdownReportSays) {
  const std::string text = text_of(html_of(calibration()));
  for (const char* words :
       {"Found leftover temp files in /tmp", "No cron jobs created", "skill-data.json",
        "home/ubuntu/", ".cache/skill-assets/", "jq", "not documented", "libonig5",
        "scripts/run.sh:67", "$HOME/.claude/cache", "exit code 0", "files.temp-left", "−10",
        "Completed successfully", "Reads of credentials: not observed"})
    EXPECT_THAT(text, HasSubstr(words));
}

TEST(ReportHtml, ShowsWhatAnAgentWasAskedAndWhatItCalledWhole) {
  const std::string prompt = "First this.\n" + std::string(600, 'x') + " Then that.";
  AuditBuilder audit;
  testing::drive(audit, prompt);
  const std::string page = html_of(audit);
  const std::size_t section = page.find("<section id=\"agent\"");
  ASSERT_NE(section, std::string::npos);
  EXPECT_GT(section, page.find("<section id=\"findings\""));
  EXPECT_NE(page.find("<h3>Prompts</h3>\n<pre>" + prompt + "</pre>", section), std::string::npos);
  EXPECT_NE(page.find("<h4>Result</h4>\n<pre>" + prompt + "</pre>", section), std::string::npos);
  EXPECT_THAT(html_of(AuditBuilder()), Not(HasSubstr("id=\"agent\"")));
}

TEST(ReportHtml, OpensTheWorstFindingsAndNoOthers) {
  AuditBuilder audit;
  audit.cron("* * * * * /opt/w").added(regular("/tmp/left"));
  const std::string page = html_of(audit);
  EXPECT_THAT(page, HasSubstr("<details class=\"finding high\" id=\"finding-1\" open>"));
  EXPECT_THAT(page, HasSubstr("id=\"finding-2\">"));
}

TEST(ReportHtml, ItsPolicyAllowsItsOwnStyleAlone) {
  const std::string page = html_of(calibration());
  const std::size_t begin = page.find("<style>") + 7;
  const std::string style = page.substr(begin, page.find("</style>") - begin);
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'sha256-" +
                              sha256_base64(style) + "'; base-uri 'none'; form-action 'none'\""));
  EXPECT_EQ(sha256_base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  for (const char* absent :
       {"<script", "<link", "<img", " style=", " src=", " href=\"http", "url("})
    EXPECT_THAT(page, Not(HasSubstr(absent)));
}

TEST(ReportHtml, IsTheSameBytesEachTime) {
  const AuditBuilder audit = everything("a<b");
  EXPECT_EQ(html_of(audit), html_of(audit));
}

TEST(ReportHtml, HostileTextNeverBecomesMarkup) {
  for (const std::string& text : testing::hostile_texts()) {
    const std::string page = html_of(everything(text));
    EXPECT_TRUE(is_utf8(page));
    for (const char* markup :
         {"<script", "<img", "<svg onload", "<iframe", "<link", "<meta http-equiv=refresh",
          "<b>\\x00", "onerror=\"", "onmouseover=\"", "\x1b", "\xe2\x80\xae", "\xff", "<u>", "<!--",
          "<?php"})
      EXPECT_THAT(page, Not(HasSubstr(markup))) << text;
    EXPECT_EQ(page.find('\0'), std::string::npos);
    // One of each, whatever the text closes.
    EXPECT_EQ(page.find("</style>"), page.rfind("</style>"));
    EXPECT_EQ(page.find("<h1>"), page.rfind("<h1>"));
  }
}

TEST(ReportHtml, EveryPlaceOfAGuestIsShownAndEscaped) {
  // A mark that says where it stood, so that a place that is lost or left unescaped is named.
  const std::string page = html_of(everything("<&\"'>"));
  EXPECT_THAT(page, Not(HasSubstr("<&")));
  EXPECT_THAT(page, HasSubstr("<h1>&lt;&amp;&quot;&#39;&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("<title>&lt;&amp;&quot;&#39;&gt;: "));
}

TEST(ReportHtml, AMillionThingsAreCountedAndAFewThousandShown) {
  AuditBuilder audit;
  constexpr int kFiles = 200000;
  const std::string awkward(200, '"');
  for (int i = 0; i < kFiles; ++i)
    audit.added(regular(fmt::format("/opt/{:03}/{:06}{}", i % 500, i, awkward)));
  audit.deleted(regular("/zzz/last"));
  for (int i = 0; i < 5000; ++i)
    audit.add(AuditBuilder::request("GET", fmt::format("h{}.example", i), "/" + awkward));
  Step step = audit.evidence.execution.steps[0];
  step.out = step.err = std::string(1 << 20, '&');
  audit.evidence.execution.steps.assign(500, step);
  const Assessment assessment = audit.assessed();
  const auto timed = [&](auto render) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string made = render(audit.evidence, assessment);
    return std::pair(std::chrono::steady_clock::now() - begin, made);
  };
  const auto [html_time, page] = timed(render_html);
  const auto [json_time, json] = timed(render_json);
  EXPECT_LT(page.size(), 3U << 20);
  EXPECT_LT(html_time, json_time + std::chrono::seconds(10));  // a guard against what is quadratic
  EXPECT_THAT(page, HasSubstr("+200000</b> added"));
  EXPECT_THAT(page, HasSubstr(">+400</span>"));       // each folder's own count
  EXPECT_THAT(page, HasSubstr("<code>last</code>"));  // removed: before all that was added
  EXPECT_THAT(page, HasSubstr("more here"));
}

TEST(ChangeTree, CountsAllAndListsWhatTellsMost) {
  AuditBuilder audit;
  audit.added(regular("/a/b/c/one", 5)).added(regular("/a/b/c/two", 7));
  audit.added(regular("/a-b", 1)).written("/a/x").deleted(regular("/z", 3));
  const Assessment assessment = audit.assessed();
  const FolderNode whole = change_tree_of(assessment, 100);
  ASSERT_EQ(whole.folders.size(), 1U);
  const FolderNode& root = whole.folders[0];
  EXPECT_EQ(root.name, "/");
  EXPECT_EQ(root.totals.all(), 5U);
  ASSERT_EQ(root.files.size(), 2U);
  EXPECT_EQ(root.files[0].name, "a-b");
  ASSERT_EQ(root.folders.size(), 1U);
  const FolderNode& a = root.folders[0];
  EXPECT_EQ(a.name, "a/");
  ASSERT_EQ(a.folders.size(), 1U);
  EXPECT_EQ(a.folders[0].name, "b/c/");
  EXPECT_EQ(a.folders[0].totals.bytes, 12U);

  const FolderNode few = change_tree_of(assessment, 2);
  EXPECT_EQ(few.totals.all(), 5U);
  ASSERT_EQ(few.folders.size(), 1U);
  EXPECT_EQ(few.folders[0].files.size(), 1U);  // what was removed
  EXPECT_EQ(few.folders[0].unlisted, 1U);
  ASSERT_EQ(few.folders[0].folders.size(), 1U);
  EXPECT_EQ(few.folders[0].folders[0].totals.all(), 3U);
  EXPECT_EQ(few.folders[0].folders[0].unlisted, 2U);
}

TEST(ChangeTree, IsNeverTooDeepToShow) {
  AuditBuilder audit;
  std::string path = "/";
  for (int i = 0; i < 900; ++i) {
    audit.added(regular(path + "x"));
    path += "a/";
  }
  const Assessment assessment = audit.assessed();
  const FolderNode* at = nullptr;
  const FolderNode root = change_tree_of(assessment, 2000);
  std::size_t depth = 0;
  for (at = &root; !at->folders.empty(); at = &at->folders[0]) ++depth;
  EXPECT_EQ(depth, kDeepest);
  EXPECT_LT(html_of(audit).size(), 3U << 20);
}

TEST(HtmlText, OneFunctionIsGoodForTextAndForAttributes) {
  EXPECT_EQ(html_text("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(html::sentence("x `a<` b").text(), "x <code>a&lt;</code> b");
  EXPECT_EQ(html::sentence("open ` <").text(), "open ` &lt;");
  EXPECT_EQ(html::code("\x1b[1m").text(), "<code>\\x1b[1m</code>");
  EXPECT_EQ(html::markup("<b title=\"{}\">{}</b>", "\"", html::markup("<i>{}</i>", 1)).text(),
            "<b title=\"&quot;\"><i>1</i></b>");
}

}  // namespace
}  // namespace skillaudit
