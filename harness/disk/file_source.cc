#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/disk/block_source.h"

namespace skillaudit {
namespace {

class FileSource : public BlockSource {
 public:
  explicit FileSource(Fd fd) : fd_(std::move(fd)) {
    // lseek, since a block device has no st_size.
    const off_t end = ::lseek(fd_.get(), 0, SEEK_END);
    if (end < 0) fail(ErrorKind::Environment, "cannot read the disk image: {}", errno_text(errno));
    size_ = static_cast<std::uint64_t>(end);
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  void read(std::span<const DiskRange> ranges, const RangeConsumer& consume) override {
    if (ranges.empty()) return;
    std::vector<char> buffer(kMostAtOnce);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      check_interrupt();
      const std::span<char> bytes(buffer.data(), ranges[i].size);
      consume(i, read_whole(ranges[i].offset, bytes) ? bytes : std::span<char>{});
    }
  }

 private:
  bool read_whole(std::uint64_t offset, std::span<char> bytes) {
    if (offset > size_ || bytes.size() > size_ - offset) return false;
    while (!bytes.empty()) {
      const ssize_t got =
          ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
    return true;
  }

  Fd fd_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<BlockSource> file_source(Fd fd) {
  return std::make_unique<FileSource>(std::move(fd));
}

}  // namespace skillaudit
