#include "harness/providers/qemu/image_for.h"

#include <algorithm>

#include "harness/base/lock.h"
#include "harness/providers/qemu/image_builder.h"
#include "harness/traffic/mirrors.h"

namespace skillaudit {

Image image_for(const std::filesystem::path& cache, const std::string& os, Progress& progress,
                bool rebuild) {
  ImageStore store(cache);
  if (std::ranges::find(known_os(), os, &OsRelease::name) == known_os().end()) {
    if (auto image = store.find(os)) return *image;
    [[maybe_unused]] const OsRelease& unknown = find_os(os);  // throws, and names what there is
  }
  const HostMirrors mirrors = host_mirrors();
  const ImageRecipe recipe{find_os(os), mirrors.apt_sources, mirrors.codename,
                           mirrors.npm_registry};
  const auto fresh = [&](const std::optional<Image>& image) {
    return image && image->recipe == recipe_digest(recipe) && !rebuild;
  };
  if (const auto image = store.find(os); fresh(image)) return *image;
  const FileLock lock = FileLock::acquire(store.lock_file(os), false, [&] {
    progress.detail("another process is building this image; waiting for it");
  });
  if (const auto image = store.find(os); fresh(image)) return *image;
  return build_image(store, recipe, [&](const std::string& line) { progress.detail(line); });
}

}  // namespace skillaudit
