#include "harness/snapshot/details.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/frames.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

bool is_digest(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  if (text.size() != kDigits) return false;
  unsigned others = 0;  // without branches: a million digests are looked at
  for (std::size_t i = 0; i < kDigits; ++i) {
    const char c = text[i];
    others += static_cast<unsigned>((c < '0' || c > '9') & (c < 'a' || c > 'f'));
  }
  return others == 0;
}

void read_digests(std::string_view bytes, Details& details) {
  details.digests.reserve(bytes.size() / 100);
  FieldReader reader(bytes);
  while (!reader.done()) {
    const auto path = reader.field();
    const auto result = path ? reader.field() : std::nullopt;
    if (!result) {
      details.gaps.push_back(
          Gap::lost(GapSource::Digests, "the guest's list of file digests ends inside a row"));
      return;
    }
    if (is_digest(*result)) {
      details.digests.push_back({std::string(*path), std::string(*result)});
    } else {
      details.notes.push_back(
          Gap::cut(GapSource::Digests, fmt::format("{} was not hashed: {}", printable(*path),
                                                   printable(shorten(*result, 200)))));
    }
  }
}

void parse_package_files(std::string_view bytes, Details& details) {
  FieldReader reader(bytes);
  while (!reader.done()) {
    const auto manager = reader.field();
    const auto package = reader.field();
    const auto count_field = reader.field();
    const auto count = count_field ? parse_number<std::size_t>(*count_field) : std::nullopt;
    PackageFiles files;
    bool whole = package.has_value() && count.has_value();
    for (std::size_t i = 0; whole && i < *count; ++i) {
      const auto path = reader.field();
      whole = path.has_value();
      if (whole) files.paths.emplace_back(*path);
    }
    if (!whole) {
      details.gaps.push_back(Gap::lost(GapSource::PackageFiles,
                                       "the guest's list of package files ends inside a row"));
      return;
    }
    files.manager = *manager;
    files.package = *package;
    details.package_files.push_back(std::move(files));
  }
}

}  // namespace

const std::vector<std::string_view>& detail_tables() {
  static const std::vector<std::string_view> names = {"digests", "package_files"};
  return names;
}

std::string detail_requests(const std::vector<std::string>& paths,
                            const std::vector<Package>& packages) {
  std::string requests;
  const auto add = [&](std::initializer_list<std::string_view> fields) {
    for (const std::string_view field : fields) requests.append(field).push_back('\0');
  };
  for (const auto& path : paths) add({"d", path});
  for (const auto& package : packages)
    if (package.manager == "dpkg" || package.manager == "pip" || package.manager == "npm")
      add({"k", package.manager, package.name, package.version, package.location});
  return requests;
}

void parse_digests(std::string_view table, std::vector<FileDigest>& digests,
                   std::vector<Gap>& gaps) {
  Details details;
  read_digests(table, details);
  if (digests.empty()) {
    digests = std::move(details.digests);
  } else {
    std::move(details.digests.begin(), details.digests.end(), std::back_inserter(digests));
  }
  append(gaps, details.gaps);
  append(gaps, details.notes);
}

GuestView parse_guest_view(std::string_view asked, std::string_view seen) {
  GuestView view{.seen = parse_files(seen).rows};
  FieldReader reader(asked);
  while (const auto path = reader.field()) view.asked.emplace_back(*path);
  std::sort(view.asked.begin(), view.asked.end());
  return view;
}

Details parse_details(std::string_view stream) {
  Details details;
  const Frames frames = split_frames(stream, detail_tables());
  if (!frames.damage.empty()) {
    details.gaps.push_back(
        Gap::lost(GapSource::Digests,
                  fmt::format("the digests of changed files are incomplete: in their stream, {}",
                              frames.damage)));
  }
  for (const auto& frame : frames.frames) {
    if (frame.exit_code != 0) {
      details.gaps.push_back(
          Gap::lost(frame.name == "digests" ? GapSource::Digests : GapSource::PackageFiles,
                    fmt::format("the guest's table '{}' may lack rows: {}", frame.name,
                                printable(frame.message))));
    }
    if (frame.name == "digests") read_digests(frame.bytes, details);
    if (frame.name == "package_files") parse_package_files(frame.bytes, details);
  }
  return details;
}

}  // namespace skillaudit
