#include "harness/traffic/apt_sources.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0;
       (at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool is_yes(std::string_view text) {
  const std::string value = ascii_lower(trim(text));
  return value == "yes" || value == "true" || value == "1" || value == "on" || value == "with" ||
         value == "enable";
}

/// The stanza's fields, names in lower case; the lines of a folded value are joined by line feeds.
std::map<std::string, std::string> fields_of(const std::vector<std::string_view>& lines) {
  std::map<std::string, std::string> fields;
  std::string* last = nullptr;
  for (const std::string_view line : lines) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (last) *last += "\n" + std::string(trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    last = nullptr;
    if (colon == std::string_view::npos) continue;
    last = &fields[ascii_lower(trim(line.substr(0, colon)))];
    *last = trim(line.substr(colon + 1));
  }
  return fields;
}

void add_stanza(const std::vector<std::string_view>& lines, std::vector<AptEntry>& entries) {
  std::map<std::string, std::string> fields = fields_of(lines);
  const std::vector<std::string> types = words_of(fields["types"]);
  if (std::find(types.begin(), types.end(), "deb") == types.end()) return;
  if (fields.contains("enabled") && !is_yes(fields["enabled"])) return;
  AptEntry entry;
  entry.uris = words_of(fields["uris"]);
  entry.suites = words_of(fields["suites"]);
  entry.components = words_of(fields["components"]);
  entry.architectures = words_of(fields["architectures"]);
  entry.trusted = is_yes(fields["trusted"]);
  const std::string& key = fields["signed-by"];
  entry.signed_by =
      key.find("BEGIN PGP") != std::string::npos ? "embedded key" : join(words_of(key), ",");
  if (!entry.uris.empty() && !entry.suites.empty()) entries.push_back(entry);
}

}  // namespace

std::vector<AptEntry> parse_one_line_sources(std::string_view text) {
  std::vector<AptEntry> entries;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line.substr(0, line.find('#')));
    if (!line.starts_with("deb ") && !line.starts_with("deb\t") && !line.starts_with("deb["))
      continue;
    line = trim(line.substr(3));
    AptEntry entry;
    if (line.starts_with('[')) {
      const std::size_t end = line.find(']');
      if (end == std::string_view::npos) continue;
      for (const std::string& option : words_of(line.substr(1, end - 1))) {
        const std::size_t equals = option.find('=');
        if (equals == std::string::npos) continue;
        const std::string name = ascii_lower(option.substr(0, equals));
        const std::string value = option.substr(equals + 1);
        if (name == "signed-by") entry.signed_by = value;
        if (name == "trusted") entry.trusted = is_yes(value);
        if (name == "arch")
          for (const std::string_view arch : split(value, ','))
            entry.architectures.emplace_back(arch);
      }
      line.remove_prefix(end + 1);
    }
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2) continue;
    entry.uris = {words[0]};
    entry.suites = {words[1]};
    entry.components.assign(words.begin() + 2, words.end());
    entries.push_back(entry);
  }
  return entries;
}

std::vector<AptEntry> parse_deb822_sources(std::string_view text) {
  std::vector<AptEntry> entries;
  std::vector<std::string_view> stanza;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with('#')) continue;
    if (!trim(line).empty()) {
      stanza.push_back(line);
      continue;
    }
    add_stanza(stanza, entries);
    stanza.clear();
  }
  add_stanza(stanza, entries);
  return entries;
}

std::string to_deb822(const AptEntry& entry) {
  std::string text = fmt::format("Types: deb\nURIs: {}\nSuites: {}\n", join(entry.uris, " "),
                                 join(entry.suites, " "));
  if (!entry.components.empty())
    text += fmt::format("Components: {}\n", join(entry.components, " "));
  if (!entry.architectures.empty())
    text += fmt::format("Architectures: {}\n", join(entry.architectures, " "));
  if (!entry.signed_by.empty()) text += fmt::format("Signed-By: {}\n", entry.signed_by);
  if (entry.trusted) text += "Trusted: yes\n";
  return text;
}

bool is_debian_keyring(std::string_view signed_by) {
  const std::vector<std::string_view> keyrings = split(signed_by, ',');
  return !keyrings.empty() &&
         std::all_of(keyrings.begin(), keyrings.end(), [](std::string_view keyring) {
           return keyring.starts_with('/') &&
                  keyring.substr(keyring.rfind('/') + 1).starts_with("debian-archive-");
         });
}

std::string apt_list_name(std::string_view uri, std::string_view suite) {
  uri.remove_prefix(std::min(uri.find("://") + 3, uri.size()));
  while (uri.ends_with('/')) uri.remove_suffix(1);
  std::string name;
  for (const char c : fmt::format("{}/dists/{}", uri, suite)) {
    if (c == '/') {
      name += '_';
    } else if (std::string_view("\\|{}[]<>\"^~_=!@#$%^&*").find(c) != std::string_view::npos) {
      name += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      name += c;
    }
  }
  return name;
}

}  // namespace skillaudit
