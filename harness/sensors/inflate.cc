#include "harness/sensors/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <bit>

#include "harness/base/error.h"
#include "harness/sensors/byte_masks.h"
#include "harness/sensors/pieces.h"

namespace skillaudit {
namespace {

using namespace std::string_view_literals;

// windowBits of inflateInit2(): see zlib.h.
constexpr int kGzip = 15 + 16;
constexpr int kZlib = 15;
constexpr int kDeflate = -15;
/// Bytes that a raw deflate stream, which has no mark and no checksum, must yield to be believed.
constexpr std::size_t kLeastDeflated = 16;

class Inflater {
 public:
  Inflater() {
    if (::inflateInit2(&stream_, kGzip) != Z_OK)
      fail(ErrorKind::Internal, "zlib cannot be initialised");
  }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends what the stream at the start of `in` holds. Returns the bytes it took when it ended
  /// well, else 0.
  std::size_t run(std::string_view in, int window_bits, Pieces& out, InflateBudget& budget) {
    ::inflateReset2(&stream_, window_bits);
    const std::size_t given = std::min(in.size(), budget.input);
    // zlib does not write to its input; its type is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(given);
    int result = Z_OK;
    while (result == Z_OK) {
      if (budget.output == 0) {
        budget.exhausted = true;
        break;
      }
      const std::size_t room = std::min(Pieces::kLargest, budget.output);
      stream_.next_out = reinterpret_cast<Bytef*>(out.room(room));
      stream_.avail_out = static_cast<uInt>(room);
      result = ::inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = room - stream_.avail_out;
      out.wrote(made);
      budget.output -= made;
    }
    const std::size_t taken = given - stream_.avail_in;
    budget.input -= taken;
    if (budget.input == 0) budget.exhausted = true;
    return result == Z_STREAM_END ? taken : 0;
  }

 private:
  z_stream stream_{};
};

unsigned little_endian_16(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]) |
         static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1])) << 8;
}

bool is_zlib_header(std::string_view bytes) {
  if (bytes.size() < 2 || (bytes[0] & 0x8f) != 0x08) return false;
  return (static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1])) %
             31 ==
         0;
}

constexpr std::string_view kGzipMark = "\x1f\x8b\x08"sv;
constexpr std::string_view kZipMark = "PK\x03\x04"sv;
constexpr std::string_view kEmptyLine = "\r\n\r\n"sv;

Flags16 may_begin_streams(const char* at) {
  const Bytes16 first = bytes_at(at);
  const Bytes16 second = bytes_at(at + 1);
  return ((first == 0x1f) & (second == 0x8b)) | ((first == 'P') & (second == 'K')) |
         ((first == '\r') & (second == '\n'));
}

/// The next place, from `at` on, at which a stream may begin. One pass: hostile bytes full of marks
/// of one kind must not make us look for the others again and again.
std::size_t next_candidate(std::string_view bytes, std::size_t at) {
  const auto begins = [&](std::size_t place) -> std::size_t {
    const std::string_view rest = bytes.substr(place);
    if (rest.starts_with(kGzipMark) || rest.starts_with(kZipMark)) return place;
    return rest.starts_with(kEmptyLine) ? place + kEmptyLine.size() : std::string_view::npos;
  };
  for (; at + kMaskedBytes < bytes.size(); at += kMaskedBytes)
    for (std::uint64_t mask = mask_at(bytes.data() + at, may_begin_streams); mask != 0;
         mask &= mask - 1) {
      const std::size_t found = begins(at + static_cast<std::size_t>(std::countr_zero(mask)));
      if (found != std::string_view::npos) return found;
    }
  for (; at < bytes.size(); ++at)
    if (const std::size_t found = begins(at); found != std::string_view::npos) return found;
  return bytes.size();
}

}  // namespace

std::string inflate_all(std::string_view bytes, InflateBudget& budget) {
  // Memory that is reserved and not written costs nothing; a string that grows is copied.
  Pieces out(std::min(8 * bytes.size(), budget.output));
  Inflater inflater;
  for (std::size_t at = 0; at < bytes.size() && !budget.exhausted;) {
    const std::string_view rest = bytes.substr(at);
    std::size_t taken = 0;
    if (rest.starts_with(kGzipMark)) {
      taken = inflater.run(rest, kGzip, out, budget);
    } else if (rest.starts_with(kZipMark) && rest.size() > 30 &&
               little_endian_16(rest, 8) == Z_DEFLATED) {
      const std::size_t data = 30 + little_endian_16(rest, 26) + little_endian_16(rest, 28);
      if (data < rest.size()) taken = inflater.run(rest.substr(data), kDeflate, out, budget);
      if (taken) taken += data;
    } else if (at == 0 || bytes.substr(0, at).ends_with(kEmptyLine)) {
      if (is_zlib_header(rest)) taken = inflater.run(rest, kZlib, out, budget);
      if (taken == 0) {
        Pieces pieces(0);
        taken = inflater.run(rest, kDeflate, pieces, budget);
        // A cut stream counts too: the kept body may be shorter than the one that was sent.
        const std::string raw = pieces.take();
        if (raw.size() >= kLeastDeflated) out.add(raw);
      }
    }
    at += std::max<std::size_t>(taken, 1);
    at = next_candidate(bytes, at);
  }
  return out.take();
}

}  // namespace skillaudit
