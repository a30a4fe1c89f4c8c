#pragma once

#include <chrono>
#include <filesystem>

#include "harness/machine/layer_work.h"
#include "harness/providers/qemu/template.h"

namespace skillaudit {

/// A template that was made of another one by starting it, working in it and saving it again: some
/// seconds and the work itself, in place of a boot. It is a template like any other, with files of
/// its own, so that the one below may be removed. Two processes at once make it once.
///
/// Where the work adds nothing it is the template below, whose base says why: remembered for
/// kNothingAdded. Throws Error{Environment} when the work fails.
[[nodiscard]] Template open_layer(const std::filesystem::path& cache, const TemplateSpec& spec,
                                  Template below, const LayerWork& work, Progress& progress);

inline constexpr std::chrono::hours kNothingAdded{1};

}  // namespace skillaudit
