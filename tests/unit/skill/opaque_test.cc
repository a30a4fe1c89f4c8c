#include "harness/skill/opaque.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/unit/skill/skill_folder.h"

namespace skillaudit {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string zip(const std::string& first_name) {
  return "PK\x03\x04\x14"s + std::string(25, '\0') + first_name + "data"s;
}

TEST(OpaqueKind, IsToldByTheFirstBytes) {
  EXPECT_EQ(opaque_kind("\x7f"
                        "ELF\x02\x01\x01"s),
            "ELF program");
  EXPECT_EQ(opaque_kind("MZ"s + std::string(58, '\0') + "\x80\0\0\0"s), "Windows program");
  EXPECT_EQ(opaque_kind("\xcf\xfa\xed\xfe\x07\0\0\1"s), "Mach-O program");
  EXPECT_EQ(opaque_kind("\xca\xfe\xba\xbe\0\0\0\2"s), "Mach-O program");
  EXPECT_EQ(opaque_kind("\xca\xfe\xba\xbe\0\0\0\x3d"s), "Java class");
  EXPECT_EQ(opaque_kind("\0asm\1\0\0\0"s), "WebAssembly module");
  EXPECT_EQ(opaque_kind("\xa7\x0d\r\n\0\0\0\0\1\2\3\4\5\6\7\x08"s), "Python bytecode");
  EXPECT_EQ(opaque_kind("\x03\xf3\r\n\1\2\3\4c\0\0\0\0\0\0\0"s), "Python bytecode");
  EXPECT_EQ(opaque_kind(zip("payload.sh")), "ZIP archive");
  EXPECT_EQ(opaque_kind("\x1f\x8b\x08\0"s), "gzip archive");
  EXPECT_EQ(opaque_kind("BZh91AY&SY\xd8"s), "bzip2 archive");
  EXPECT_EQ(opaque_kind("\xfd"
                        "7zXZ\0\0"s),
            "xz archive");
  EXPECT_EQ(opaque_kind(std::string(257, 'a') + "ustar\0"s), "tar archive");
  EXPECT_EQ(opaque_kind("\x80\x04\x95\x10\0\0\0\0\0\0\0"s), "Python pickle, which can run code");
  EXPECT_EQ(opaque_kind("hsqs\1\0\0\0"s), "SquashFS image");
  EXPECT_EQ(opaque_kind("\x1bLuaS"), "Lua bytecode");
  EXPECT_EQ(opaque_kind("dex\n035\0"s), "Android bytecode");
  EXPECT_EQ(opaque_kind("BC\xc0\xde"), "LLVM bitcode");
  EXPECT_EQ(opaque_kind("!<arch>\ndebian-binary"), "ar archive or Debian package");
}

TEST(OpaqueKind, IsEmptyForWhatIsLookedAt) {
  for (const std::string& head :
       {""s, "#!/bin/sh\necho hello\n"s, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s,
        "\xff\xd8\xff\xe0\0\x10JFIF"s, "GIF89a\1\0\1\0"s, "RIFF\0\0\0\0WEBPVP8 "s,
        "\0\1\0\0\0\x0f\0\x80"s, "OTTO\0\x0b"s, "wOF2\0\1"s, "%PDF-1.7\n%\xe2\xe3"s,
        "SQLite format 3\0"s, "MZ is how this text begins"s, "\0\0\0\0"s,
        zip("[Content_Types].xml"), zip("mimetypeapplication/epub+zip")})
    EXPECT_EQ(opaque_kind(head), "") << head;
}

TEST(LoadSkill, FindsProgramsAndArchivesWhateverTheirNames) {
  const SkillFolder folder;
  folder.write("assets/logo.png", "\x89PNG\r\n\x1a\n\0\0"s);
  folder.write("assets/table.csv", zip("run.sh"));
  folder.write("bin/tool",
               "\x7f"
               "ELF\x02\0"s,
               0755);
  folder.write("data/large.txt", "\x1f\x8b\x08\0"s + std::string(2 << 20, 'x'));
  folder.write("notes.zip", "only a text\n");
  folder.link("copy", "bin/tool");
  std::vector<std::string> found;
  for (const StaticFact& fact : load_skill(folder.path()).static_facts) {
    EXPECT_EQ(fact.kind, StaticFactKind::OpaqueFile);
    found.push_back(fact.file + ": " + fact.text);
  }
  EXPECT_THAT(found, ElementsAre("assets/table.csv: ZIP archive", "bin/tool: ELF program",
                                 "data/large.txt: gzip archive"));
}

TEST(LoadSkill, NotesAScriptThatIsNoText) {
  const SkillFolder folder;
  folder.write("run.sh", "#!/bin/sh\n# caf\xe9\ncurl https://example.com/\n");
  folder.write("photo.png", "\x89PNG\0"s, 0755);  // as from a file system without modes
  const Skill skill = load_skill(folder.path());
  EXPECT_THAT(skill.static_facts, IsEmpty());
  EXPECT_THAT(skill.notes, ElementsAre("run.sh is not UTF-8 text: it was not checked as text"));
}

TEST(LoadSkill, ListsAtMostAHundredOpaqueFiles) {
  const SkillFolder folder;
  for (int i = 0; i < 130; ++i)
    folder.write("x" + std::to_string(i),
                 "\x7f"
                 "ELF\x02\0"s);
  EXPECT_THAT(load_skill(folder.path()).static_facts, SizeIs(kMostStaticFacts));
}

TEST(LoadSkill, FindsHiddenTextSecretsAndBroadTools) {
  const SkillFolder folder;
  folder.write("SKILL.md",
               "---\nname: demo\ndescription: x\nallowed-tools: Read Bash(*) Bash(git:*)\n---\n"
               "Te\xe2\x80\x8bxt.\n");
  folder.write("conf.env", "A=1\nK=AK"s + "IAQ3ZL7WMX2VDRT5KB\n");
  std::vector<std::string> found;
  for (const StaticFact& fact : load_skill(folder.path()).static_facts)
    found.push_back(std::string(name_of(fact.kind)) + " " + fact.file + ":" +
                    std::to_string(fact.line) + " " + fact.text);
  EXPECT_THAT(found, ElementsAre("hidden-text SKILL.md:6 U+200B ×1, on line 6",
                                 "secret conf.env:2 AWS access key, AKIAQ3…",
                                 "broad-tools SKILL.md:4 Bash(*)"));
}

TEST(LoadSkill, FindsNothingInASkillThatHasNothing) {
  EXPECT_THAT(load_skill(SkillFolder().path()).static_facts, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
