#include <algorithm>
#include <array>
#include <tuple>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// proc(5): space, tab, line feed and backslash stand as three octal digits in mountinfo.
std::string unescape_octal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      if (const auto code = parse_number<unsigned>(text.substr(i + 1, 3), 8); code && *code < 256) {
        out += static_cast<char>(*code);
        i += 3;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

/// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
std::optional<Mount> parse_mount(std::string_view line) {
  std::array<std::string_view, 6> words;
  for (auto& word : words) word = next_word(line);
  const std::size_t dash = line.find(" - ");
  if (words[5].empty() || dash == std::string_view::npos) return std::nullopt;
  line.remove_prefix(dash + 3);
  const std::string_view type = next_word(line);
  const std::string_view device = next_word(line);
  if (type.empty() || device.empty()) return std::nullopt;
  return Mount{unescape_octal(device), unescape_octal(words[4]), std::string(type),
               std::string(words[5]), unescape_octal(words[3])};
}

}  // namespace

Parsed<std::string> parse_kernel_modules(std::string_view raw) {
  Parsed<std::string> result;
  MalformedRows malformed(Table::KernelModules);
  for (auto line : split(raw, '\n')) {
    const std::string_view whole = line;
    const std::string_view name = next_word(line);
    if (name.empty() || next_word(line).empty()) {
      malformed.add(whole);
    } else {
      result.rows.emplace_back(name);
    }
  }
  std::sort(result.rows.begin(), result.rows.end());
  result.gaps = malformed.gaps();
  return result;
}

Parsed<Mount> parse_mounts(std::string_view raw) {
  Parsed<Mount> result;
  MalformedRows malformed(Table::Mounts);
  for (const auto line : split(raw, '\n')) {
    if (auto mount = parse_mount(line)) {
      result.rows.push_back(std::move(*mount));
    } else {
      malformed.add(line);
    }
  }
  result.gaps = malformed.gaps();
  return result;
}

/// KIND NUL NAME NUL VALUE NUL.
Parsed<KernelSetting> parse_kernel_settings(std::string_view raw) {
  Parsed<KernelSetting> result;
  MalformedRows malformed(Table::KernelSettings);
  FieldReader reader(raw);
  while (!reader.done()) {
    const auto kind = reader.field();
    const auto name = kind ? reader.field() : std::nullopt;
    const auto value = name ? reader.field() : std::nullopt;
    if (!value) {
      malformed.add(kind ? *kind : reader.rest());
      break;
    }
    result.rows.push_back({std::string(*kind), std::string(*name), std::string(*value)});
  }
  std::sort(result.rows.begin(), result.rows.end(),
            [](const KernelSetting& a, const KernelSetting& b) {
              return std::tie(a.kind, a.name, a.value) < std::tie(b.kind, b.name, b.value);
            });
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
