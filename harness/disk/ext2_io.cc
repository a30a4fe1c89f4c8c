#include "harness/disk/ext2_io.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace skillaudit {
namespace {

thread_local Ext2Io* opening = nullptr;

Ext2Io& io_of(io_channel channel) { return *static_cast<Ext2Io*>(channel->private_data); }

errcode_t open_channel(const char* name, int, io_channel* result) {
  if (opening == nullptr) return EXT2_ET_BAD_DEVICE_NAME;
  // libext2fs frees channel and name itself in places: they must be malloc's.
  auto* channel = static_cast<io_channel>(std::calloc(1, sizeof(struct_io_channel)));
  char* copy = ::strdup(name);
  if (channel == nullptr || copy == nullptr) {
    std::free(channel);
    std::free(copy);
    return EXT2_ET_NO_MEMORY;
  }
  channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
  channel->manager = Ext2Io::manager();
  channel->name = copy;
  channel->block_size = 1024;
  channel->refcount = 1;
  channel->private_data = opening;
  *result = channel;
  return 0;
}

errcode_t close_channel(io_channel channel) {
  if (--channel->refcount > 0) return 0;
  std::free(channel->name);
  std::free(channel);
  return 0;
}

errcode_t set_block_size(io_channel channel, int size) {
  channel->block_size = size;
  return 0;
}

errcode_t read_blocks(io_channel channel, unsigned long long block, int count, void* data) {
  const auto block_size = static_cast<std::uint64_t>(channel->block_size);
  // A negative count is one of bytes.
  const std::uint64_t bytes = count < 0 ? static_cast<std::uint64_t>(-std::int64_t{count})
                                        : static_cast<std::uint64_t>(count) * block_size;
  if (block > (std::uint64_t{1} << 62) / block_size) return EXT2_ET_SHORT_READ;
  return io_of(channel).read(block * block_size, {static_cast<char*>(data), bytes});
}

errcode_t read_blocks_32(io_channel channel, unsigned long block, int count, void* data) {
  return read_blocks(channel, block, count, data);
}

errcode_t refuse_write(io_channel, unsigned long, int, const void*) { return EXT2_ET_RO_FILSYS; }
errcode_t refuse_write_64(io_channel, unsigned long long, int, const void*) {
  return EXT2_ET_RO_FILSYS;
}
errcode_t flush(io_channel) { return 0; }

}  // namespace

Ext2Io::Opening::Opening(Ext2Io& io) { opening = &io; }
Ext2Io::Opening::~Opening() { opening = nullptr; }

io_manager Ext2Io::manager() {
  static struct_io_manager manager = [] {
    struct_io_manager m{};
    m.magic = EXT2_ET_MAGIC_IO_MANAGER;
    m.name = "skillaudit block source";
    m.open = open_channel;
    m.close = close_channel;
    m.set_blksize = set_block_size;
    m.read_blk = read_blocks_32;
    m.read_blk64 = read_blocks;
    m.write_blk = refuse_write;
    m.write_blk64 = refuse_write_64;
    m.flush = flush;
    return m;
  }();
  return &manager;
}

Ext2Io::Ext2Io(BlockSource& source) : source_(source), chunks_(kChunks) {}

errcode_t Ext2Io::read(std::uint64_t offset, std::span<char> out) noexcept {
  try {
    while (!out.empty()) {
      const Chunk* chunk = chunk_at(offset / kChunk * kChunk);
      if (chunk == nullptr) return EXT2_ET_SHORT_READ;
      const std::uint64_t lead = offset - chunk->offset;
      if (lead >= chunk->bytes.size()) return EXT2_ET_SHORT_READ;
      const std::size_t n = std::min<std::size_t>(out.size(), chunk->bytes.size() - lead);
      std::memcpy(out.data(), chunk->bytes.data() + lead, n);
      out = out.subspan(n);
      offset += n;
    }
    return 0;
  } catch (...) {
    failure_ = std::current_exception();
    return EXT2_ET_SHORT_READ;
  }
}

void Ext2Io::rethrow() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

const Ext2Io::Chunk* Ext2Io::chunk_at(std::uint64_t offset) {
  if (offset >= source_.size()) return nullptr;
  Chunk& chunk = chunks_[offset / kChunk % kChunks];
  if (chunk.offset == offset) return &chunk;
  const DiskRange range{
      offset, static_cast<std::uint32_t>(std::min<std::uint64_t>(kChunk, source_.size() - offset))};
  chunk.offset = ~std::uint64_t{0};
  source_.read({&range, 1}, [&](std::size_t, std::span<char> bytes) {
    chunk.bytes.assign(bytes.begin(), bytes.end());
  });
  if (chunk.bytes.size() != range.size) return nullptr;
  chunk.offset = offset;
  return &chunk;
}

}  // namespace skillaudit
