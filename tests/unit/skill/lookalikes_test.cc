#include "harness/skill/lookalikes.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> found(const SkillText& text) {
  std::vector<std::string> texts;
  for (const StaticFact& fact : find_lookalikes({text})) {
    EXPECT_EQ(fact.kind, StaticFactKind::Lookalike);
    texts.push_back(fact.file + ":" + std::to_string(fact.line) + " " + fact.text);
  }
  return texts;
}
std::vector<std::string> in_skill(const std::string& text) {
  return found({"SKILL.md", text, true, false});
}
std::vector<std::string> described(const std::string& description) {
  return in_skill("---\nname: x\ndescription: " + description + "\n---\nText.\n");
}
std::vector<std::string> in_code(const std::string& code) {
  return in_skill("# X\n\n```bash\n" + code + "\n```\n");
}

TEST(Lookalikes, AreNamedWithCharacterLetterAndLine) {
  EXPECT_THAT(
      in_skill("---\nname: p\u0430ypal-helper\ndescription: Text.\n---\nText.\n"),
      ElementsAre("SKILL.md:2 p\u0430ypal (U+0430 CYRILLIC SMALL LETTER A for a) on line 2"));
  EXPECT_THAT(described("Works as \u0391nthropic and G\u03bf\u03bfgle say."),
              ElementsAre(AllOf(HasSubstr("U+0391 GREEK CAPITAL LETTER ALPHA for A"),
                                HasSubstr("U+03BF GREEK SMALL LETTER OMICRON for o"))));
}

TEST(Lookalikes, AreFoundInHosts) {
  EXPECT_THAT(in_skill("Ask <https://\u0430pi.example.org/v1>.\n"),
              ElementsAre(HasSubstr("on line 1")));
  EXPECT_THAT(found({"notes.txt", "http://\u0430\u0440\u0440\u04cf\u0435.com/x", false, false}),
              ElementsAre(HasSubstr("U+04CF CYRILLIC SMALL LETTER PALOCHKA for ")));
  EXPECT_THAT(found({"a.py", "U = 'https://p\u03b1ypal.com'\n", false, true}),
              ElementsAre(HasSubstr("U+03B1")));
}

TEST(Lookalikes, AreFoundInCommandsAndCode) {
  EXPECT_THAT(in_code("\u0441url https://example.org"), ElementsAre(HasSubstr("on line 4")));
  EXPECT_THAT(in_code("ls && sudo \u0441\u0430\u0441 x"), ElementsAre(HasSubstr("on line 4")));
  EXPECT_THAT(in_skill("Run `n\u0440m install x` now.\n"), ElementsAre(HasSubstr("n\u0440m")));
  EXPECT_THAT(found({"a.py", "\n\ndef is_\u0430dmin():\n", false, true}),
              ElementsAre(HasSubstr("on line 3")));
}

TEST(Lookalikes, AreNoneInProseOfAnyScript) {
  for (const char* text :
       {"Создаёт отчёты в формате JSON, читает API-ключ и CSVы из папки.",
        "Читает JSONа и PDFе: хор, сор, рот, с ним и у нас.",
        "Δημιουργεί αναφορές PDF και διαβάζει το API κλειδί.",
        "从 JSON 文件创建报告，使用API和CSV数据。", "APIを使ってJSONを読む。",
        "קורא קובצי JSON וAPI מהתיקייה", "يقرأ ملفات JSON وواجهة API", "API를 사용하여 JSON을 읽다",
        "Naïve café, Ångström, 10 µm, 5 kΩ, Δt = 3 ms"}) {
    EXPECT_THAT(described(text), IsEmpty()) << text;
    EXPECT_THAT(in_skill(std::string("# ") + text + "\n\n" + text + "\n\n`" + text + "`\n"),
                IsEmpty())
        << text;
  }
}

TEST(Lookalikes, AreNoneInCodeThatSpeaksAnotherLanguage) {
  EXPECT_THAT(in_code("echo 'Привет, мир'  # печатает JSONа\ncat сор.txt отчёт.md"), IsEmpty());
  EXPECT_THAT(in_code("запуск --имя файл"), IsEmpty());
  EXPECT_THAT(found({"a.py", "σmax = αmin * ρwater + λx  # in µm\n", false, true}), IsEmpty());
  EXPECT_THAT(found({"a.py", "TABLE = {'\u0430': 'a', '\u0435': 'e'}\n", false, true}), IsEmpty());
  EXPECT_THAT(in_skill("Mehr auf https://пример.рф/путь und https://münchen.de/x\n"), IsEmpty());
}

TEST(Lookalikes, BetweenLatinLettersCountInATextOfTheirScriptToo) {
  EXPECT_THAT(described("Помогает платить через p\u0430ypal и читает JSONа."),
              ElementsAre(AllOf(HasSubstr("p\u0430ypal"), testing::Not(HasSubstr("JSON")))));
}

TEST(Lookalikes, AreCountedWhereThereAreMany) {
  std::string code;
  for (int i = 0; i < 9; ++i) code += "x" + std::to_string(i) + "\u0430b\n";
  EXPECT_THAT(in_code(code), ElementsAre(HasSubstr(" and 5 more")));
}

}  // namespace
}  // namespace skillaudit
