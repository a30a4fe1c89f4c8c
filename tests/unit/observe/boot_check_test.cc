#include "harness/observe/boot_check.h"

#include <gmock/gmock.h>

#include "harness/agents/places.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kHome = "/home/u";

Snapshot with_file(const std::string& path, std::uint64_t size) {
  FileEntry file;
  file.path = path;
  file.type = FileType::Regular;
  file.size = size;
  Snapshot snapshot;
  snapshot.files.push_back(file);
  return snapshot;
}

TEST(ReadAtBoot, IsWhatTheTableOfPlacesSays) {
  for (const KnownPlace& place : kPlaces) {
    if (place.whose() == Whose::Project) continue;
    const std::string path = (place.whose() == Whose::Home ? kHome : "") +
                             std::string(place.path()) + (place.is_folder() ? "/x" : "");
    const auto added = read_at_boot(Snapshot(), with_file(path, 1), kHome);
    const auto changed = read_at_boot(with_file(path, 1), with_file(path, 2), kHome);
    if (place.has(kReadAtBoot)) {
      EXPECT_THAT(added, ElementsAre(path));
    } else {
      EXPECT_THAT(added, IsEmpty());
    }
    if (place.has(kReadAtBoot) || place.has(kBootIfThereBefore)) {
      EXPECT_THAT(changed, ElementsAre(path));
    } else {
      EXPECT_THAT(changed, IsEmpty());
    }
  }
}

}  // namespace
}  // namespace skillaudit
