#include "harness/base/lock.h"

#include <gtest/gtest.h>

#include <future>

#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

TEST(FileLock, OfAFileThatItsHolderRemovesIsThatOfTheNextFile) {
  const TempDir dir;
  const std::filesystem::path file = dir.path() / "lock";
  std::optional<FileLock> first = FileLock::try_acquire(file);
  ASSERT_TRUE(first);
  std::promise<void> waits;
  std::future<FileLock> second = std::async(std::launch::async, [&] {
    return FileLock::acquire(file, false, [&] { waits.set_value(); });
  });
  waits.get_future().wait();
  std::filesystem::remove(file);
  first.reset();
  const FileLock held = second.get();
  EXPECT_FALSE(FileLock::try_acquire(file)) << "who comes third must see who waited";
}

}  // namespace
}  // namespace skillaudit
