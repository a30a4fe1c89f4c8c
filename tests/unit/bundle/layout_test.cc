#include "harness/bundle/layout.h"

#include <gmock/gmock.h>

#include <set>

namespace skillaudit {
namespace {

TEST(BundleLayout, MakesPathsOfNames) {
  EXPECT_EQ(path_in("b", BundleFile::Audit), "b/audit.json");
  EXPECT_EQ(path_in("b", BundleFile::RequestBody, "7"), "b/bodies/7.bin");
  EXPECT_EQ(tables_in("b", Moment::Boot), "b/boot");
  EXPECT_EQ(bodies_in("b"), "b/bodies");
}

TEST(BundleLayout, GivesAWorldAFolderOfItsOwn) {
  EXPECT_EQ(world_folder("b", ""), "b");
  EXPECT_EQ(path_in(world_folder("b", "answering"), BundleFile::Flows),
            "b/worlds/answering/flows.jsonl");
  Source flow = source::flow(7);
  flow.world = "answering";
  EXPECT_EQ(text_of(flow), "worlds/answering/flows.jsonl#7");
}

TEST(BundleLayout, NamesEachFileOnce) {
  std::set<std::string_view> names;
  for (const BundleFileInfo& info : kBundleFiles) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.holds.empty()) << info.name;
    EXPECT_EQ(is_rendered_file(name_of(info.file, "json")), info.role == FileRole::Rendered)
        << info.name;
  }
}

}  // namespace
}  // namespace skillaudit
