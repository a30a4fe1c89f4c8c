#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace skillaudit {

/// Sixteen bytes that are compared at once. GCC's vectors compile for any processor; SSE2, which
/// each x86-64 has, makes one instruction of each operation, so that nothing is chosen at run time.
using Bytes16 = unsigned char __attribute__((vector_size(16)));
/// Of the result of a comparison: 0xff where it holds, else 0.
using Flags16 = signed char __attribute__((vector_size(16)));

constexpr std::size_t kMaskedBytes = 64;

[[nodiscard]] inline Bytes16 bytes_at(const char* at) {
  Bytes16 bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

[[nodiscard]] inline std::uint64_t bits_of(Flags16 flags) {
#ifdef __SSE2__
  __m128i whole;
  std::memcpy(&whole, &flags, sizeof whole);
  return static_cast<std::uint64_t>(_mm_movemask_epi8(whole));
#else
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= static_cast<std::uint64_t>(flags[i] != 0) << i;
  return bits;
#endif
}

/// Bit i: whether byte i of the kMaskedBytes bytes from `at` on passes `test`, which takes the
/// place of sixteen bytes and gives their flags. It may read beyond them.
template <typename Test>
[[nodiscard]] std::uint64_t mask_at(const char* at, Test test) {
  return bits_of(test(at)) | bits_of(test(at + 16)) << 16 | bits_of(test(at + 32)) << 32 |
         bits_of(test(at + 48)) << 48;
}

}  // namespace skillaudit
