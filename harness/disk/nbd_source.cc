#include <libnbd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/disk/block_source.h"

namespace skillaudit {
namespace {

/// Requests on their way at once: while one is parsed here, the server reads the next ones.
constexpr std::size_t kInFlight = 6;

/// How often a wait looks whether Ctrl-C was pressed.
constexpr int kPollMs = 200;

struct Close {
  void operator()(nbd_handle* handle) const noexcept { ::nbd_close(handle); }
};

class NbdSource : public BlockSource {
 public:
  NbdSource(const std::string& name, int patience_ms)
      : handle_(::nbd_create()), patience_(patience_ms) {
    if (!handle_) fail(ErrorKind::Environment, "cannot set up NBD: {}", ::nbd_get_error());
    check(::nbd_set_export_name(handle_.get(), name.c_str()), ErrorKind::Environment);
    // Every byte is either read or not looked at.
    check(::nbd_set_pread_initialize(handle_.get(), false), ErrorKind::Environment);
  }

  void connect(const std::filesystem::path& socket) {
    where_ = socket.string();
    check(::nbd_aio_connect_unix(handle_.get(), socket.c_str()), ErrorKind::Environment);
    negotiate();
  }

  void connect(Fd connected) {
    // libnbd closes the descriptor with the handle.
    check(::nbd_aio_connect_socket(handle_.get(), connected.get()), ErrorKind::Environment);
    (void)connected.release();
    negotiate();
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  void read(std::span<const DiskRange> ranges, const RangeConsumer& consume) override {
    if (!handle_) fail(ErrorKind::Evidence, "the guest's disk is lost: its NBD server is gone");
    std::size_t asked = 0;
    try {
      for (std::size_t next = 0; next < ranges.size(); ++next) {
        while (asked < ranges.size() && asked - next < kInFlight) {
          ask(slots_[asked % kInFlight], ranges[asked]);
          ++asked;
        }
        Slot& slot = slots_[next % kInFlight];
        const bool whole = slot.cookie >= 0 && wait_for(slot);
        slot.cookie = -1;
        consume(next, whole ? std::span<char>(slot.buffer.data() + slot.lead, ranges[next].size)
                            : std::span<char>{});
      }
    } catch (...) {
      drain(asked);
      throw;
    }
  }

 private:
  struct Slot {
    std::vector<char> buffer;
    std::size_t lead = 0;  ///< bytes before the range, for the server's alignment
    std::int64_t cookie = -1;
  };

  void check(int result, ErrorKind kind) {
    if (result != -1) return;
    fail(kind, "cannot read the guest's disk over NBD ({}): {}", where_, ::nbd_get_error());
  }

  /// One step of the protocol. Throws once the server has been silent for too long.
  void step() {
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
      const int result = ::nbd_poll(handle_.get(), std::min(kPollMs, patience_));
      check_interrupt();
      if (result < 0 && ::nbd_get_errno() == EINTR) continue;
      check(result, connected_ ? ErrorKind::Evidence : ErrorKind::Environment);
      if (result > 0) return;
      if (std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(patience_)) {
        fail(connected_ ? ErrorKind::Evidence : ErrorKind::Environment,
             "the NBD server of the guest's disk has been silent for {} s", patience_ / 1000.0);
      }
    }
  }

  void negotiate() {
    while (::nbd_aio_is_ready(handle_.get()) == 0) {
      if (::nbd_aio_is_dead(handle_.get()) == 1 || ::nbd_aio_is_closed(handle_.get()) == 1) {
        check(-1, ErrorKind::Environment);
      }
      step();
    }
    const std::int64_t size = ::nbd_get_size(handle_.get());
    if (size < 0) check(-1, ErrorKind::Environment);
    size_ = static_cast<std::uint64_t>(size);
    const std::int64_t block = ::nbd_get_block_size(handle_.get(), LIBNBD_SIZE_MINIMUM);
    if (block > 1) alignment_ = static_cast<std::uint64_t>(block);
    connected_ = true;
  }

  void ask(Slot& slot, const DiskRange& range) {
    slot.cookie = -1;
    if (range.offset > size_ || range.size > size_ - range.offset || range.size == 0) return;
    const std::uint64_t begin = range.offset - range.offset % alignment_;
    const std::uint64_t end =
        std::min(size_, (range.offset + range.size + alignment_ - 1) / alignment_ * alignment_);
    slot.lead = range.offset - begin;
    if (slot.buffer.size() < end - begin) slot.buffer.resize(end - begin);
    slot.cookie = ::nbd_aio_pread(handle_.get(), slot.buffer.data(), end - begin, begin,
                                  NBD_NULL_COMPLETION, 0);
    if (slot.cookie < 0) check(-1, ErrorKind::Evidence);
  }

  /// False when the server says that it cannot read this range.
  bool wait_for(Slot& slot) {
    for (;;) {
      const int done = ::nbd_aio_command_completed(handle_.get(), slot.cookie);
      if (done == 1) return true;
      if (done < 0) {
        if (::nbd_aio_is_dead(handle_.get()) == 1 || ::nbd_aio_is_closed(handle_.get()) == 1) {
          fail(ErrorKind::Evidence,
               "the NBD server of the guest's disk went away while it was read");
        }
        return false;
      }
      step();
    }
  }

  /// After an exception: the buffers must not be written to by answers that come late, and the
  /// source stays usable unless the server is what failed.
  void drain(std::size_t asked) noexcept {
    for (std::size_t i = asked > kInFlight ? asked - kInFlight : 0; i < asked; ++i) {
      Slot& slot = slots_[i % kInFlight];
      if (slot.cookie < 0 || !handle_) continue;
      try {
        (void)wait_for(slot);
      } catch (...) {
        handle_.reset();
      }
      slot.cookie = -1;
    }
  }

  std::array<Slot, kInFlight> slots_;  // before the handle: closed while they still stand
  std::unique_ptr<nbd_handle, Close> handle_;
  std::string where_ = "a connected socket";
  int patience_;
  bool connected_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t alignment_ = 1;
};

}  // namespace

std::unique_ptr<BlockSource> nbd_source(const std::filesystem::path& socket,
                                        const std::string& name, int patience_ms) {
  auto source = std::make_unique<NbdSource>(name, patience_ms);
  source->connect(socket);
  return source;
}

std::unique_ptr<BlockSource> nbd_source(Fd connected, const std::string& name, int patience_ms) {
  auto source = std::make_unique<NbdSource>(name, patience_ms);
  source->connect(std::move(connected));
  return source;
}

}  // namespace skillaudit
