#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace skillaudit {

/// A template takes some 0.4 GB, and a new one is made for each image, QEMU, CA and cloud-init
/// template: one that is not used for this long is made again when needed.
inline constexpr std::chrono::hours kTemplateKept{7 * 24};

/// A layer takes as much, and there may be one for each set of packages.
inline constexpr std::size_t kMostLayers = 8;

/// Notes that the template in `dir` is used now.
void note_template_use(const std::filesystem::path& dir);

/// Removes from `cache`/templates what is not in use (template.h: in_use) and
///  - was not opened for kTemplateKept, or
///  - belongs to an image that no name refers to, or
///  - is a layer (layer.h) and not among the kMostLayers that were used last,
/// and the lock files of templates that are gone. A kept VM has its own copy of its template's
/// disk. Never throws: what cannot be removed now is tried again the next time.
void sweep_templates(
    const std::filesystem::path& cache,
    std::filesystem::file_time_type now = std::filesystem::file_time_type::clock::now()) noexcept;

struct TemplatesHeld {
  std::size_t count = 0;
  std::uint64_t bytes = 0;  ///< on disk: the memory files are sparse
};

/// What the templates in `cache` take.
[[nodiscard]] TemplatesHeld templates_held(const std::filesystem::path& cache);

}  // namespace skillaudit
