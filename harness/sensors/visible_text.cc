#include "harness/sensors/visible_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>

#include "harness/base/ascii.h"
#include "harness/sensors/encodings.h"

namespace skillaudit {
namespace {

/// More text than this excuses nothing: a skill could bring every word there is.
constexpr std::size_t kMostText = 1U << 20;
/// Past this nothing more is learned about one place.
constexpr std::size_t kMostUnexplained = 4096;
constexpr std::size_t kMostTold = 20'000;
/// Punctuation of JSON and of paths changes that often between two words.
constexpr int kMostTurns = 8;
constexpr std::size_t kShortestBase64 = 16;
/// A shorter part of a word stands in any text by chance.
constexpr std::size_t kShortestPart = 5;

/// RFC 9110, 9112, 7578, 6455 and what common clients send by themselves.
constexpr std::string_view kProtocolWords =
    "accept encoding language charset ranges authorization bearer basic cache control connection "
    "keep alive close upgrade content disposition form data name filename length type transfer "
    "chunked cookie date expect continue host user agent referer origin range pragma no max age te "
    "trailers identity gzip deflate br zstd application json ndjson octet stream x www urlencoded "
    "text plain html xml xhtml css javascript image avif webp apng png jpeg svg audio video utf 8 "
    "multipart mixed boundary en us gb q insecure requests sec fetch dest mode site websocket "
    "version key extensions permessage client bits http https http2 settings get post put patch "
    "delete head options connect curl wget python urllib urllib3 aiohttp httpx node undici axios "
    "go mozilla compatible linux gnu x86 64 x86_64 amd64 debian if none match modified since null "
    "true false dists pool main contrib non free firmware inrelease release packages sources "
    "translation simple deb by hash in addr arpa ip6 local tcp udp";

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

bool is_digits(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <typename Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word_byte(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    visit(text.substr(at, end - at));
    at = end;
  }
}

/// Bytes that stand between two words: control characters, and turns between several kinds of
/// punctuation, which could spell something.
std::size_t spelled_between(std::string_view gap) {
  std::size_t bytes = 0;
  int turns = 0;
  for (std::size_t i = 0; i < gap.size(); ++i) {
    const auto byte = static_cast<unsigned char>(gap[i]);
    if ((byte < 0x20 && gap[i] != '\t' && gap[i] != '\n' && gap[i] != '\r') || byte == 0x7f)
      ++bytes;
    else if (i > 0 && gap[i] != gap[i - 1] && ++turns > kMostTurns)
      ++bytes;
  }
  return bytes;
}

long long seconds_of(const std::string& rfc3339) {
  std::tm time{};
  if (rfc3339.size() < 19 || ::strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr)
    return 0;
  return ::timegm(&time);
}

/// JSON's and shells' escapes of white space are no letters.
std::string without_escapes(std::string_view text) {
  std::string plain(text);
  for (std::size_t i = 0; i + 1 < plain.size(); ++i) {
    if (plain[i] != '\\' || std::string_view("nrt\"\\/bf").find(plain[i + 1]) == std::string::npos)
      continue;
    plain[i] = plain[i + 1] = ' ';
    ++i;
  }
  return plain;
}

}  // namespace

VisibleText::VisibleText(const Evidence& evidence) : began_(seconds_of(evidence.started_at)) {
  add(kProtocolWords);
  const Environment& environment = evidence.environment;
  for (const std::string* each :
       {&environment.os, &environment.kernel, &environment.guest_user, &environment.guest_home,
        &environment.skill_dir, &evidence.skill.name, &evidence.skill.description})
    add(*each);
  for (const Step& step : evidence.execution.steps) add(step.command);
  for (const std::string& prompt : evidence.skill.prompts) add(prompt);
  for (const std::string& prompt : evidence.agent.prompts) add(prompt);
  for (const SkillText& text : evidence.skill.texts) {
    add(text.path);
    add(text.text);
  }
}

void VisibleText::add(std::string_view text) {
  if (text_.size() >= kMostText) return;
  const std::string lower = ascii_lower(text.substr(0, kMostText - text_.size()));
  for_each_word(lower, [&](std::string_view word) { words_.emplace(word); });
  text_ += lower + '\n';
}

void VisibleText::explain(std::string_view word) {
  for_each_word(ascii_lower(word), [&](std::string_view each) { words_.emplace(each); });
}

/// Seconds, milli-, micro- or nanoseconds since the epoch, or a part of a date, within two days of
/// the audit.
bool VisibleText::is_time(std::string_view digits) const {
  if (began_ == 0) return false;
  constexpr long long kTwoDays = 2 * 86400;
  long long number = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
    return false;
  for (const auto& [length, unit] :
       {std::pair<std::size_t, long long>{10, 1}, {13, 1000}, {16, 1'000'000}})
    if (digits.size() == length && std::abs(number / unit - began_) < kTwoDays) return true;
  const std::time_t day = began_;
  std::tm time{};
  ::gmtime_r(&day, &time);
  return digits.size() == 4 && number == time.tm_year + 1900;
}

bool VisibleText::explains(std::string_view word) const {
  const std::string lower = ascii_lower(word);
  if (words_.contains(lower)) return true;
  if (is_digits(lower)) return is_time(lower);
  if (lower.size() >= kShortestPart && text_.find(lower) != std::string::npos) return true;
  if (lower.find('_') == std::string::npos) return false;
  for (std::size_t at = 0; at <= lower.size();) {
    const std::size_t end = std::min(lower.find('_', at), lower.size());
    if (end > at && !words_.contains(lower.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

std::size_t VisibleText::count_word(std::string_view word, std::string& sample) {
  if (explains(word)) return 0;
  if (word.size() >= kShortestBase64) {
    const std::string decoded = base64_decoded(word);
    bool plain = decoded.size() * 4 + 4 >= word.size() * 3;
    for_each_word(decoded, [&](std::string_view each) { plain = plain && explains(each); });
    for (const char c : decoded) plain = plain && static_cast<unsigned char>(c) >= 0x20;
    if (plain) return 0;
  }
  if (told_.size() < kMostTold && !told_.emplace(word).second) return 0;
  if (sample.empty()) sample = word.substr(0, 80);
  return word.size();
}

std::size_t VisibleText::unexplained_in(std::string_view text, std::string& sample) {
  const std::string plain = without_escapes(text);
  std::size_t bytes = 0;
  std::size_t last = 0;
  for_each_word(plain, [&](std::string_view word) {
    const auto begin = static_cast<std::size_t>(word.data() - plain.data());
    if (bytes >= kMostUnexplained) return;
    bytes += spelled_between(std::string_view(plain).substr(last, begin - last));
    bytes += count_word(word, sample);
    last = begin + word.size();
  });
  if (bytes < kMostUnexplained) bytes += spelled_between(std::string_view(plain).substr(last));
  if (bytes > 0 && sample.empty()) sample = plain.substr(0, 80);
  return bytes;
}

}  // namespace skillaudit
