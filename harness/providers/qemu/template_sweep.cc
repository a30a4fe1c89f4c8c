#include "harness/providers/qemu/template_sweep.h"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/lock.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Its time of writing is when the template was opened last.
constexpr const char* kUsed = "used";

/// None where it cannot be read: nothing is concluded from that.
std::optional<std::string> string_in(const fs::path& file, const char* field) {
  try {
    return parse_json(read_file(file, 1 << 24)).at(field).get<std::string>();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// The images that names mean. None when an entry cannot be read, which may be any image's.
std::optional<std::set<std::string>> images_in(const fs::path& cache) {
  std::set<std::string> ids;
  for (const auto& entry : fs::directory_iterator(cache / "images")) {
    if (entry.path().extension() != ".json") continue;
    auto id = string_in(entry.path(), "id");
    if (!id) return std::nullopt;
    ids.insert(std::move(*id));
  }
  return ids;
}

fs::file_time_type last_use(const fs::path& dir, fs::file_time_type if_unknown) {
  for (const char* file : {kUsed, "template.json"}) {
    std::error_code error;
    const auto time = fs::last_write_time(dir / file, error);
    if (!error) return time;
  }
  return if_unknown;
}

bool is_stale(const fs::path& dir, const std::optional<std::set<std::string>>& images,
              fs::file_time_type now) {
  if (now - last_use(dir, now) > kTemplateKept) return true;
  const auto image = string_in(dir / "template.json", "image");
  return images && image && !images->contains(*image);
}

void remove_stale_templates(const fs::path& cache, fs::file_time_type now) {
  const fs::path root = cache / "templates";
  const auto images = images_in(cache);
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string key = entry.path().filename().string();
    if (!entry.is_directory() || entry.is_symlink() || !is_stale(entry.path(), images, now))
      continue;
    const auto lock = FileLock::try_acquire(root / (key + ".lock"));
    // Whoever opened it since it was looked at has let go of it again.
    if (!lock || !is_stale(entry.path(), images, now)) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

/// The layers that were used least lately, but for the kMostLayers last ones.
void remove_old_layers(const fs::path& cache, fs::file_time_type now) {
  const fs::path root = cache / "templates";
  std::vector<std::pair<fs::file_time_type, fs::path>> layers;
  for (const auto& entry : fs::directory_iterator(root)) {
    std::error_code ignored;
    // What open_layer() remembers for a day.
    if (entry.path().extension() == ".nothing" &&
        now - fs::last_write_time(entry.path(), ignored) > std::chrono::hours(24))
      fs::remove(entry.path(), ignored);
    if (entry.is_directory() && string_in(entry.path() / "template.json", "layer"))
      layers.emplace_back(last_use(entry.path(), now), entry.path());
  }
  std::sort(layers.begin(), layers.end(), std::greater<>());
  for (std::size_t i = kMostLayers; i < layers.size(); ++i) {
    const auto lock = FileLock::try_acquire(layers[i].second.string() + ".lock");
    std::error_code ignored;
    if (lock) fs::remove_all(layers[i].second, ignored);
  }
}

void remove_locks_of_nothing(const fs::path& root) {
  std::set<std::string> keys;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string extension = entry.path().extension().string();
    if (entry.is_regular_file() && (extension == ".lock" || extension == ".build"))
      keys.insert(entry.path().stem().string());
  }
  for (const std::string& key : keys) {
    if (fs::exists(root / key)) continue;
    // Held while it is built; a file that goes while another process waits for it is let go of and
    // made anew there (lock.h).
    const auto building = FileLock::try_acquire(root / (key + ".build"));
    if (!building) continue;
    const auto in_use = FileLock::try_acquire(root / (key + ".lock"));
    if (!in_use || fs::exists(root / key)) continue;
    std::error_code ignored;
    for (const char* extension : {".build", ".lock"}) fs::remove(root / (key + extension), ignored);
  }
}

}  // namespace

void note_template_use(const fs::path& dir) { write_file(dir / kUsed, ""); }

void sweep_templates(const fs::path& cache, fs::file_time_type now) noexcept {
  try {
    remove_stale_templates(cache, now);
    remove_old_layers(cache, now);
    remove_locks_of_nothing(cache / "templates");
  } catch (const std::exception&) {
    // Another process sweeps, or a file system that is not ours to mend.
  }
}

TemplatesHeld templates_held(const fs::path& cache) {
  TemplatesHeld held;
  std::error_code error;
  for (fs::directory_iterator entry(cache / "templates", error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_directory()) continue;
    ++held.count;
    std::error_code gone;
    for (fs::directory_iterator file(entry->path(), gone); !gone && file != end;
         file.increment(gone)) {
      struct stat info {};
      if (::lstat(file->path().c_str(), &info) == 0)
        held.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
    }
  }
  return held;
}

}  // namespace skillaudit
