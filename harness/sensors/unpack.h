#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace skillaudit {

/// What a hostile text may make us do.
struct UnpackLimits {
  std::size_t inflated = 16U << 20;  ///< bytes that gzip, zlib, deflate and zip may yield
  std::size_t consumed = 64U << 20;  ///< bytes fed to the inflater, false starts included
  std::size_t derived = 48U << 20;   ///< bytes of all views together
  int depth = 4;                     ///< layers of encoding
};

/// What a text of `size` bytes is given, so that an ordinary upload is read whole: an archive that
/// inflates to eight times its size, Base64 of it, text in Base64 in lines. At the largest body
/// that is kept (64 MiB) the views take some 700 MiB at worst.
[[nodiscard]] UnpackLimits limits_for(std::size_t size);

/// Called with each reading of a text and the layers that were taken off, outermost last: "" for
/// the text itself, "percent-encoding", "gzip in base64". False ends the work.
using ViewVisitor = std::function<bool(std::string_view bytes, const std::string& layers)>;

/// Reads `text` in each way in which something may hide in it: as it is; with white space, NUL
/// bytes and the backslash escapes of JSON and shells removed (wrapped Base64, UTF-16, "\n" in
/// strings); percent-decoded; with its runs of Base64 or hexadecimal decoded; with gzip, zlib and
/// zip members inflated, wherever they begin; and each of these again, up to `limits`. The plainest
/// come first.
///
/// False when a limit ended it before all was read.
bool unpack(std::string_view text, const UnpackLimits& limits, const ViewVisitor& visit);

}  // namespace skillaudit
