#include "harness/skill/skill_name.h"

#include <fmt/core.h>
#include <uniname.h>
#include <unistr.h>

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMaximumName = 64;
constexpr std::size_t kMostNamed = 3;

bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_valid_skill_name(std::string_view name) {
  if (name.empty() || name.size() > kMaximumName) return false;
  if (name.front() == '-' || name.back() == '-' || name.find("--") != std::string_view::npos)
    return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_name_letter(c) || c == '-'; });
}

std::string valid_skill_name_like(std::string_view name) {
  std::string valid;
  for (const char c : name) {
    if (is_name_letter(lower(c))) {
      valid += lower(c);
    } else if (!valid.empty() && valid.back() != '-') {
      valid += '-';
    }
    if (valid.size() == kMaximumName) break;
  }
  while (!valid.empty() && valid.back() == '-') valid.pop_back();
  return valid;
}

std::string character_text(std::uint32_t character) {
  std::array<char, UNINAME_MAX> name{};
  std::string text = fmt::format("U+{:04X}", character);
  if (unicode_character_name(character, name.data()) != nullptr)
    text += fmt::format(" {}", name.data());
  return text;
}

std::string foreign_characters(std::string_view name) {
  std::vector<std::string> found;
  const auto* at = reinterpret_cast<const std::uint8_t*>(name.data());
  for (std::size_t left = name.size(); left > 0;) {
    ucs4_t character = 0;
    const int size = u8_mbtouc(&character, at, left);
    at += size;
    left -= static_cast<std::size_t>(size);
    if (character < 0x80) continue;
    const std::string text = character_text(character);
    if (std::find(found.begin(), found.end(), text) != found.end()) continue;
    found.push_back(text);
    if (found.size() == kMostNamed) break;
  }
  return found.empty() ? "" : " (it has " + join(found, ", ") + ")";
}

}  // namespace skillaudit
