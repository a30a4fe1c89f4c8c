#include "harness/providers/qemu/image.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/json_text.h"
#include "harness/base/name.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_json(const fs::path& path) {
  try {
    return parse_json(read_file(path, 1 << 20));
  } catch (const json::exception&) {
    return json();
  }
}

/// The image that an entry of the cache points to, or empty where the entry is damaged.
std::string id_in(const json& entry) {
  const auto id = entry.is_object() ? entry.find("id") : entry.end();
  return id != entry.end() && id->is_string() ? id->get<std::string>() : "";
}

}  // namespace

ImageStore::ImageStore(fs::path cache) : cache_(std::move(cache)), root_(cache_ / "images") {
  std::error_code error;
  fs::create_directories(root_, error);
  if (error) fail(ErrorKind::Environment, "cannot create {}: {}", root_.string(), error.message());
}

fs::path ImageStore::lock_file(const std::string& name) const { return root_ / (name + ".lock"); }

std::optional<Image> ImageStore::find(const std::string& name) const {
  check_name("an image", name);
  const fs::path pointer = root_ / (name + ".json");
  if (!fs::exists(pointer)) return std::nullopt;
  const auto corrupt = [&](const std::string& what) {
    fail(ErrorKind::Environment,
         "the image {} in {} is damaged ({}): delete it with `skillaudit image rm {}`, then run "
         "again to rebuild it",
         name, root_.string(), what, name);
  };
  const json entry = read_json(pointer);
  Image image;
  image.name = name;
  image.id = id_in(entry);
  if (image.id.empty()) corrupt("its entry cannot be read");
  try {
    image.recipe = entry.value("recipe", "");
    image.created = entry.value("created", "");
    const fs::path dir = root_ / image.id;
    for (const json& file : entry.value("files", json::array())) {
      const std::string file_name = file.value("name", "");
      const fs::path path = dir / file_name;
      std::error_code error;
      const std::uint64_t size = fs::file_size(path, error);
      if (error) corrupt(file_name + " is missing");
      if (size != file.value("size", std::uint64_t{0}))
        corrupt(file_name + " has a different size than when it was stored");
      const std::int64_t written = fs::last_write_time(path).time_since_epoch().count();
      // Another time of writing may be a copied cache or a damaged one: the content decides.
      if (written != file.value("written", std::int64_t{0}) &&
          sha256_file(path) != file.value("sha256", ""))
        corrupt(file_name + " has different content than when it was stored");
      if (file_name == "disk.qcow2") {
        image.disk = path;
        image.disk_bytes = size;
      }
      if (file_name == "vmlinuz") image.kernel = path;
      if (file_name == "initrd") image.initrd = path;
    }
  } catch (const json::exception&) {
    corrupt("its entry cannot be read");
  }
  if (image.disk.empty()) corrupt("it has no disk");
  return image;
}

std::vector<Image> ImageStore::list() const {
  std::vector<Image> images;
  for (const auto& entry : fs::directory_iterator(root_))
    if (entry.path().extension() == ".json")
      if (auto image = find(entry.path().stem().string())) images.push_back(std::move(*image));
  std::sort(images.begin(), images.end(),
            [](const Image& a, const Image& b) { return a.name < b.name; });
  return images;
}

Image ImageStore::add(const std::string& name, const std::string& recipe, const fs::path& staging) {
  check_name("an image", name);
  const std::string id = sha256_file(staging / "disk.qcow2").substr(0, 16);
  const fs::path dir = root_ / id;
  std::error_code error;
  if (!fs::exists(dir)) {
    fs::rename(staging, dir, error);
    if (error)
      fail(ErrorKind::Environment, "cannot store the image in {}: {}", dir.string(),
           error.message());
  }
  json files = json::array();
  for (const char* file : {"disk.qcow2", "vmlinuz", "initrd"}) {
    const fs::path path = dir / file;
    if (!fs::exists(path)) continue;
    files.push_back({{"name", file},
                     {"size", fs::file_size(path)},
                     {"sha256", sha256_file(path)},
                     {"written", fs::last_write_time(path).time_since_epoch().count()}});
  }
  write_file(
      root_ / (name + ".json"),
      json_text(json{{"id", id}, {"recipe", recipe}, {"created", utc_now()}, {"files", files}}, 1));
  return *find(name);
}

void ImageStore::remove(const std::string& name) {
  check_name("an image", name);
  const fs::path pointer = root_ / (name + ".json");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root_))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  if (!fs::exists(pointer))
    fail(ErrorKind::Usage, "unknown image '{}': {}", printable(name),
         names.empty() ? "no image exists yet" : "the images are " + join(names, ", "));
  const std::string id = id_in(read_json(pointer));
  fs::remove(pointer);
  bool shared = id.empty() || id.find('/') != std::string::npos;
  for (const std::string& other : names)
    if (other != name && id_in(read_json(root_ / (other + ".json"))) == id) shared = true;
  std::error_code ignored;
  if (!shared) fs::remove_all(root_ / id, ignored);
}

}  // namespace skillaudit
