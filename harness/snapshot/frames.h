#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// One frame of the stream that capture.h describes.
struct Frame {
  std::string name;
  int exit_code = 0;
  std::string message;     ///< the first line of stderr; untrusted bytes, at most 512
  std::string_view bytes;  ///< into the stream
};

struct Frames {
  std::vector<Frame> frames;
  std::size_t end = 0;  ///< where the stream ends, by its own word; 0: nowhere yet
  std::string damage;   ///< why the stream ends early or is not one; empty when it is whole
};

/// `expected` names the frames that may come, each once. Never throws.
[[nodiscard]] Frames split_frames(std::string_view stream,
                                  const std::vector<std::string_view>& expected);

}  // namespace skillaudit
