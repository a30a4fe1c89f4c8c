#include "harness/skill/script_words.h"

#include <unicode/uspoof.h>
#include <unictype.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Scripts with letters that are drawn as Latin ones. Others have a few strokes in common with them
/// (an alef and an l), and attach their words to Latin names.
constexpr std::string_view kScripts = "Cyrillic Greek Armenian Cherokee Coptic Lisu";
/// The blocks in which these scripts are.
constexpr std::uint32_t kFirst = 0x370;
constexpr std::uint32_t kLast = 0xabbf;

bool is_latin(std::uint32_t c) {
  static const uc_script_t* const kLatin = uc_script_byname("Latin");
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x80 && uc_is_script(c, kLatin));
}

bool is_foreign(std::uint32_t c) {
  static const auto kList = [] {
    std::vector<const uc_script_t*> list;
    for (const std::string_view name : split(kScripts, ' '))
      list.push_back(uc_script_byname(std::string(name).c_str()));
    return list;
  }();
  return c >= kFirst && c <= kLast && uc_is_property_alphabetic(c) &&
         std::find(kList.begin(), kList.end(), uc_script(c)) != kList.end();
}

using Twins = std::unordered_map<std::uint32_t, char>;

Twins read_twins() {
  Twins twins;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker(uspoof_open(&status),
                                                                        uspoof_close);
  for (std::uint32_t c = kFirst; c <= kLast && U_SUCCESS(status); ++c) {
    if (!is_foreign(c)) continue;
    const auto letter = static_cast<UChar>(c);
    std::array<UChar, 8> like{};
    UErrorCode of_one = U_ZERO_ERROR;
    const std::int32_t length = uspoof_getSkeleton(checker.get(), 0, &letter, 1, like.data(),
                                                   static_cast<std::int32_t>(like.size()), &of_one);
    if (U_SUCCESS(of_one) && length == 1 && like[0] < 0x80 && is_latin(like[0]))
      twins.emplace(c, static_cast<char>(like[0]));
  }
  return twins;
}

bool is_small_greek(std::uint32_t c) {
  static const uc_script_t* const kGreek = uc_script_byname("Greek");
  constexpr std::uint32_t kOmicron = 0x3bf;
  return c != kOmicron && uc_is_property_lowercase(c) && uc_is_script(c, kGreek);
}

bool joins_words(std::uint32_t c) {
  return (c >= '0' && c <= '9') || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M);
}

}  // namespace

char latin_twin(std::uint32_t letter) {
  static const Twins kTwins = read_twins();
  const auto found = kTwins.find(letter);
  return found == kTwins.end() ? '\0' : found->second;
}

bool ScriptWord::has_latin() const { return std::any_of(letters.begin(), letters.end(), is_latin); }

bool ScriptWord::has_foreign() const {
  return std::any_of(letters.begin(), letters.end(), is_foreign);
}

bool ScriptWord::looks_latin(bool strictly) const {
  return std::all_of(letters.begin(), letters.end(), [&](std::uint32_t c) {
    return is_latin(c) || (latin_twin(c) != '\0' && !(strictly && is_small_greek(c)));
  });
}

bool ScriptWord::has_foreign_inside() const {
  const auto first = std::find_if(letters.begin(), letters.end(), is_latin);
  const auto last = std::find_if(letters.rbegin(), letters.rend(), is_latin).base();
  return first < last && std::any_of(first, last, is_foreign);
}

std::vector<ScriptWord> script_words(std::string_view line) {
  std::vector<ScriptWord> words;
  ScriptWord word;
  const auto end_word = [&] {
    if (!word.letters.empty()) words.push_back(std::move(word));
    word = {};
  };
  while (!line.empty()) {
    std::uint32_t c = 0;
    const std::size_t length = std::max<std::size_t>(utf8_sequence(line, c), 1);
    const bool letter = is_latin(c) || is_foreign(c);
    if (letter || (joins_words(c) && !word.text.empty())) {
      word.text += line.substr(0, length);
      if (letter) word.letters.push_back(c);
    } else {
      end_word();
    }
    line.remove_prefix(length);
  }
  end_word();
  return words;
}

}  // namespace skillaudit
