#include "harness/consent/command_match.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestCommand = 16 << 10;

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_interpreter(std::string_view word) {
  static constexpr auto kInterpreters = std::to_array<std::string_view>(
      {"sh", "bash", "dash", "zsh", "python", "python3", "node", "perl", "ruby", "env", "sudo",
       "nohup", "setsid", "exec", "nice", "ionice", "timeout"});
  return std::find(kInterpreters.begin(), kInterpreters.end(), base_of(word)) !=
         kInterpreters.end();
}

std::vector<std::string_view> words_of(std::string_view command) {
  std::vector<std::string_view> words;
  for (const std::string_view part : split(command, ' '))
    if (const std::string_view word = trim(part); !word.empty()) words.push_back(word);
  return words;
}

/// Runs code that stands on its line, or more than one program.
bool is_complex(std::string_view command, const std::vector<std::string_view>& words) {
  if (command.find_first_of(";|&<>`$(\n") != std::string_view::npos) return true;
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return word == "-c" || word == "-e" || word == "-lc" || word == "--command" || word == "--eval";
  });
}

std::vector<std::string_view> without_interpreters(std::vector<std::string_view> words) {
  auto first = words.begin();
  while (first != words.end() && is_interpreter(*first) && first + 1 != words.end()) {
    ++first;
    while (first != words.end() && first->starts_with('-')) ++first;
  }
  words.erase(words.begin(), first);
  return words;
}

bool same_program(const ConsentPlaces& places, std::string_view asked, std::string_view shown) {
  if (shown.find('/') == std::string_view::npos && !shown.starts_with('~') &&
      !shown.starts_with('$'))
    return base_of(asked) == shown;
  const std::string written = canonical_path(shown);
  if (written.empty()) return false;
  if (!asked.starts_with('/')) return canonical_path(asked) == written;
  const std::vector<std::string> forms = written_forms(places, asked);
  // A bare file name, which has become one of the skill's folder, names the file wherever it lies
  // there.
  const bool is_bare = written.starts_with("./") && written.find('/', 2) == std::string::npos;
  return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
    return form == written ||
           (is_bare && form.starts_with("./") && base_of(form) == written.substr(2));
  });
}

}  // namespace

std::string_view program_of_command(std::string_view command) {
  const std::vector<std::string_view> words = without_interpreters(words_of(command));
  return words.empty() ? std::string_view{} : base_of(words[0]);
}

bool same_command(const ConsentPlaces& places, std::string_view asked, std::string_view shown) {
  if (asked.empty() || shown.empty() || asked.size() > kLongestCommand ||
      shown.size() > kLongestCommand)
    return false;
  const std::vector<std::string_view> asked_words = words_of(asked);
  const std::vector<std::string_view> shown_words = words_of(shown);
  if (asked_words == shown_words) return true;
  if (is_complex(asked, asked_words)) return false;
  const std::vector<std::string_view> ours = without_interpreters(asked_words);
  const std::vector<std::string_view> theirs = without_interpreters(shown_words);
  if (ours.empty() || theirs.empty() || !same_program(places, ours[0], theirs[0])) return false;
  const bool same_arguments =
      ours.size() == theirs.size() && std::equal(ours.begin() + 1, ours.end(), theirs.begin() + 1);
  if (same_arguments) return true;
  // A script is named by itself; `curl` says nothing of what curl is given.
  const bool is_script = theirs[0].find('/') != std::string_view::npos ||
                         theirs[0].find('.') != std::string_view::npos;
  return theirs.size() == 1 && is_script;
}

}  // namespace skillaudit
