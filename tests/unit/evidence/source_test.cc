#include "harness/evidence/source.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

TEST(Source, IsPrintedAsAFileAndItsEntry) {
  EXPECT_EQ(text_of(source::flow(7)), "flows.jsonl#7");
  EXPECT_EQ(text_of(source::flows()), "flows.jsonl");
  EXPECT_EQ(text_of(source::request_body(7)), "bodies/7.bin");
  EXPECT_EQ(text_of(source::after(Table::KernelModules)), "after/kernel_modules");
  EXPECT_EQ(text_of(source::trace(97)), "trace.log#97");
  EXPECT_EQ(text_of(source::skill_file("scripts/run.sh", 12)), "skill.json#scripts/run.sh:12");
  EXPECT_EQ(text_of(source::skill_file("a\nb")), "skill.json#a\\nb");
  EXPECT_EQ(text_of(source::step("SKILL.md:12")), "execution.json#SKILL.md:12");
}

TEST(Source, KnowsItsFileAndWhetherItIsAnEntry) {
  EXPECT_EQ(file_of(source::flow(7)), source::flows());
  EXPECT_EQ(file_of(source::request_body(7)), file_of(source::request_body(8)));
  EXPECT_EQ(file_of(source::after(Table::Cron)), source::after(Table::Cron));
  EXPECT_TRUE(is_entry(source::trace(97)));
  EXPECT_FALSE(is_entry(source::after(Table::Cron)));
  EXPECT_FALSE(is_entry(source::network()));
}

}  // namespace
}  // namespace skillaudit
