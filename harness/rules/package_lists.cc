#include "harness/rules/package_lists.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr auto kLists = std::to_array<const char*>(
    {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"});

/// The packages of a list that are not the same in both.
std::set<std::string> other_packages(const json& before, const json& after) {
  std::set<std::string> others;
  for (const auto& [here, there] : {std::pair(&before, &after), std::pair(&after, &before)})
    for (const auto& [name, version] : here->items())
      if (!there->contains(name) || there->at(name) != version) others.insert(name);
  return others;
}

/// A version that a registry has: an address or a folder would be a source of its own.
bool is_of_registry(const json& version) {
  return version.is_string() && version.get<std::string>().find_first_of(":/") == std::string::npos;
}

}  // namespace

bool differ_in_packages(std::string_view before, std::string_view after,
                        const std::function<bool(const std::string& package)>& named) {
  json was = json::parse(before, nullptr, false);
  json is = json::parse(after, nullptr, false);
  if (!was.is_object() || !is.is_object()) return false;
  for (const char* list : kLists) {
    const json old_list = was.value(list, json::object());
    const json new_list = is.value(list, json::object());
    if (!old_list.is_object() || !new_list.is_object()) return false;
    for (const std::string& package : other_packages(old_list, new_list))
      if (!named(package) || (new_list.contains(package) && !is_of_registry(new_list.at(package))))
        return false;
    was.erase(list);
    is.erase(list);
  }
  return was == is;
}

}  // namespace skillaudit
