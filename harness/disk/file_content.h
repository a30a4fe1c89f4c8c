#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "harness/disk/guest_disk.h"

namespace skillaudit {

/// A regular file whose content is wanted.
struct ContentRequest {
  std::uint32_t inode = 0;
  std::uint64_t size = 0;  ///< bytes from its start; no more than the file has
};

/// Gets the content of the requests, one after another and each from its start, in pieces.
using ContentConsumer = std::function<void(std::size_t request, std::string_view bytes)>;
/// Told once what is wrong with a request, after which it gets no more bytes.
using ContentFailure = std::function<void(std::size_t request, const std::string& why)>;

/// Reads file content: holes and unwritten extents as zeros, inline files from their inodes. The
/// data of one file come while the next one's are on their way. Throws what the source throws.
void read_contents(GuestDisk& disk, std::span<const ContentRequest> requests,
                   const ContentConsumer& consume, const ContentFailure& failure);

}  // namespace skillaudit
