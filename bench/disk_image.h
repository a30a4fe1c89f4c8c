#pragma once

#include <cstdint>
#include <filesystem>

namespace skillaudit {

/// Makes a raw ext4 image with `inodes` files, folders and links in a tree shaped like that of a
/// system: folders of 50 entries, five levels deep, one link in twenty. Files have sizes and times
/// and no blocks, which no listing looks at. Throws Error{Environment}.
void make_disk_image(const std::filesystem::path& image, std::uint32_t inodes);

}  // namespace skillaudit
