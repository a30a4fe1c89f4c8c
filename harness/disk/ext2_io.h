#pragma once

#include <ext2fs/ext2fs.h>

#include <exception>
#include <vector>

#include "harness/disk/block_source.h"

namespace skillaudit {

/// What libext2fs reads through: single blocks of a BlockSource, from a cache of whole chunks, for
/// what it asks for (descriptors, nodes of extent trees) lies close together.
class Ext2Io {
 public:
  explicit Ext2Io(BlockSource& source);

  /// For ext2fs_open2(), which takes no argument for its manager: opens channels on this object
  /// while it is on the stack.
  class Opening {
   public:
    explicit Opening(Ext2Io& io);
    ~Opening();
    Opening(const Opening&) = delete;
  };
  [[nodiscard]] static io_manager manager();

  /// Never throws: what went wrong is kept for rethrow().
  errcode_t read(std::uint64_t offset, std::span<char> out) noexcept;
  void rethrow();

 private:
  static constexpr std::uint32_t kChunk = 64U << 10;
  static constexpr std::size_t kChunks = 128;  ///< 8 MiB in all
  struct Chunk {
    std::uint64_t offset = ~std::uint64_t{0};
    std::vector<char> bytes;
  };
  const Chunk* chunk_at(std::uint64_t offset);

  BlockSource& source_;
  std::vector<Chunk> chunks_;
  std::exception_ptr failure_;
};

}  // namespace skillaudit
