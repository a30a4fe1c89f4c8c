#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/base/fd.h"

namespace skillaudit {

/// A stretch of the disk, in bytes.
struct DiskRange {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;  ///< at most kMostAtOnce
};

/// What one request carries at most: large enough that the round trip of a request over NBD no
/// longer counts, small enough that the requests on their way together stay within a few MiB.
inline constexpr std::uint32_t kMostAtOnce = 1U << 20;

/// Gets the range `index` of those asked for. `bytes` is empty when it could not be read (it lies
/// past the end of the disk, the medium is damaged), else all of it; it may be written to and lasts
/// for the call alone.
using RangeConsumer = std::function<void(std::size_t index, std::span<char> bytes)>;

/// A disk that is read and never written. Not for several threads at once.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;  ///< bytes
  /// Reads `ranges` and hands them over in their order. Several may be on their way at once.
  /// `consume` must not read from this source itself.
  /// Throws Error{Evidence} when the disk as a whole is lost, Error{Interrupted} on Ctrl-C, and
  /// whatever `consume` throws.
  virtual void read(std::span<const DiskRange> ranges, const RangeConsumer& consume) = 0;
};

/// A raw image, or a block device. Throws Error{Environment} when its size cannot be had.
[[nodiscard]] std::unique_ptr<BlockSource> file_source(Fd fd);

/// How long a server may keep silent before the disk counts as lost.
inline constexpr int kNbdPatienceMs = 30'000;

/// The export `name` of the NBD server that listens on a Unix socket: a hypervisor's own
/// (nbd-server-start), or qemu-nbd, whose export has no name.
/// Throws Error{Environment} when there is no server, or no such export.
[[nodiscard]] std::unique_ptr<BlockSource> nbd_source(const std::filesystem::path& socket,
                                                      const std::string& name = "",
                                                      int patience_ms = kNbdPatienceMs);

/// As above, over a socket that is connected already.
[[nodiscard]] std::unique_ptr<BlockSource> nbd_source(Fd connected, const std::string& name = "",
                                                      int patience_ms = kNbdPatienceMs);

/// Reads `pieces` like BlockSource::read(), but neighbours that follow one another within 32 KiB
/// come in one request. A request that fails is asked for again piece by piece.
void read_pieces(BlockSource& source, std::span<const DiskRange> pieces,
                 const RangeConsumer& consume);

}  // namespace skillaudit
