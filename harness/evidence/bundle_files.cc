#include "harness/evidence/bundle_files.h"

namespace skillaudit {
namespace {

constexpr std::string_view kHole = "{}";

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kBundleFiles.size(); ++i)
    if (static_cast<std::size_t>(kBundleFiles[i].file) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

bool takes_id(BundleFile file) { return info_of(file).name.find(kHole) != std::string_view::npos; }

std::string name_of(BundleFile file, std::string_view id) {
  std::string name(info_of(file).name);
  if (takes_id(file)) name.replace(name.find(kHole), kHole.size(), id);
  return name;
}

}  // namespace skillaudit
