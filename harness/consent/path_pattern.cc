#include "harness/consent/path_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "harness/base/among.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestPath = 1024;

using Pair = std::pair<std::string_view, std::string_view>;

/// XDG Base Directory Specification, and the names that agents give to a skill's folder.
constexpr auto kVariables = std::to_array<Pair>({{"HOME", "~"},
                                                 {"XDG_CONFIG_HOME", "~/.config"},
                                                 {"XDG_CACHE_HOME", "~/.cache"},
                                                 {"XDG_DATA_HOME", "~/.local/share"},
                                                 {"XDG_STATE_HOME", "~/.local/state"},
                                                 {"XDG_RUNTIME_DIR", "/run/user/*"},
                                                 {"TMPDIR", "/tmp"},
                                                 {"CLAUDE_SKILL_DIR", "."},
                                                 {"CLAUDE_PLUGIN_ROOT", "."},
                                                 {"SKILL_DIR", "."},
                                                 {"baseDir", "."},
                                                 {"skill_dir", "."},
                                                 {"PWD", "."}});

/// Files of a home that people name without their folder.
constexpr auto kHomeFiles = std::to_array<std::string_view>(
    {".bashrc",       ".bash_profile", ".bash_login", ".bash_logout",     ".bash_aliases",
     ".bash_history", ".profile",      ".zshrc",      ".zshenv",          ".zprofile",
     ".zlogin",       ".zsh_history",  ".kshrc",      ".inputrc",         ".gitconfig",
     ".npmrc",        ".netrc",        ".vimrc",      ".tmux.conf",       ".screenrc",
     ".pypirc",       ".curlrc",       ".wgetrc",     ".pgpass",          ".my.cnf",
     ".Xauthority",   ".xinitrc",      ".xprofile",   ".git-credentials", ".ssh",
     ".aws",          ".gnupg",        ".config",     ".local",           ".cache",
     ".kube",         ".docker",       ".azure"});

constexpr auto kShared = std::to_array<std::string_view>({"/",
                                                          "/home",
                                                          "/root",
                                                          "/tmp",
                                                          "/var/tmp",
                                                          "/dev",
                                                          "/dev/shm",
                                                          "/run",
                                                          "/run/user/*",
                                                          "/proc",
                                                          "/sys",
                                                          "/boot",
                                                          "/bin",
                                                          "/sbin",
                                                          "/lib",
                                                          "/lib64",
                                                          "/opt",
                                                          "/srv",
                                                          "/mnt",
                                                          "/media",
                                                          "/usr",
                                                          "/usr/bin",
                                                          "/usr/sbin",
                                                          "/usr/lib",
                                                          "/usr/share",
                                                          "/usr/include",
                                                          "/usr/local",
                                                          "/usr/local/bin",
                                                          "/usr/local/sbin",
                                                          "/usr/local/lib",
                                                          "/usr/local/share",
                                                          "/usr/local/etc",
                                                          "/var",
                                                          "/var/lib",
                                                          "/var/log",
                                                          "/var/cache",
                                                          "/var/spool",
                                                          "/var/spool/cron",
                                                          "/lib/systemd",
                                                          "/usr/lib/systemd",
                                                          "~",
                                                          "~/.config",
                                                          "~/.cache",
                                                          "~/.local",
                                                          "~/.local/share",
                                                          "~/.local/state",
                                                          "~/.local/bin",
                                                          "~/.local/lib",
                                                          "~/bin",
                                                          "~/.ssh",
                                                          "~/.gnupg",
                                                          "~/.aws",
                                                          "~/.kube",
                                                          "~/.docker",
                                                          "~/.azure",
                                                          "~/.npm",
                                                          "~/.cargo",
                                                          "~/.cargo/bin",
                                                          "~/.mozilla",
                                                          "~/Library",
                                                          ".",
                                                          "./.git",
                                                          "./.vscode",
                                                          "./.github",
                                                          "./.github/workflows",
                                                          "./.husky"});

/// Whatever lies below is code or settings of some program.
constexpr auto kSharedTrees = std::to_array<std::string_view>({"/etc",
                                                               "/usr/lib/systemd",
                                                               "/lib/systemd",
                                                               "/var/spool/cron",
                                                               "~/.config/systemd",
                                                               "~/.config/autostart",
                                                               "~/.config/environment.d",
                                                               "~/.config/git",
                                                               "~/.config/fish",
                                                               "~/.config/pip",
                                                               "~/.claude",
                                                               "~/.codex",
                                                               "~/.gemini",
                                                               "~/.cursor",
                                                               "~/.opencode",
                                                               "~/.config/opencode",
                                                               "~/.ssh",
                                                               "~/.gnupg",
                                                               "~/.vim",
                                                               "~/.config/nvim",
                                                               "./.git/hooks",
                                                               "./.claude",
                                                               "./.cursor",
                                                               "./.codex",
                                                               "./.gemini"});

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view meaning_of(std::string_view variable) {
  for (const auto& [name, meaning] : kVariables)
    if (name == variable) return meaning;
  return "*";
}

/// The end of what `open` opens at `at`, one past the closing character; npos where it is open.
std::size_t end_of_group(std::string_view text, std::size_t at, char open, char close) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == open) ++depth;
    if (text[at] == close && --depth == 0) return at + 1;
  }
  return std::string_view::npos;
}

/// The path with what stands for something else replaced.
std::string replaced(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size();) {
    const char c = path[i];
    const bool braced =
        c == '$' && i + 1 < path.size() && (path[i + 1] == '{' || path[i + 1] == '(');
    const std::size_t open = braced ? i + 1 : i;
    if (braced || c == '<' || c == '{') {
      const char close = path[open] == '<' ? '>' : path[open] == '(' ? ')' : '}';
      const std::size_t end = end_of_group(path, open, path[open], close);
      if (end == std::string_view::npos) return {};
      std::size_t name = open + 1;
      while (name < end && is_name_char(path[name])) ++name;
      out += meaning_of(path.substr(open + 1, name - open - 1));
      i = end;
    } else if (c == '$') {
      std::size_t end = i + 1;
      while (end < path.size() && is_name_char(path[end])) ++end;
      out += meaning_of(path.substr(i + 1, end - i - 1));
      i = end;
    } else {
      out += c;
      ++i;
    }
  }
  return out;
}

/// Dates as writers show them: YYYY-MM-DD.
void replace_dates(std::string& path) {
  if (path.find("YYYY") == std::string::npos) return;
  for (const std::string_view part : {"YYYY", "MM", "DD", "HH", "SS"})
    for (std::size_t at = path.find(part); at != std::string::npos; at = path.find(part, at))
      path.replace(at, part.size(), "*");
}

/// "/home/alice/x" and "/Users/alice/x" are the user's home, whatever their name.
void replace_home(std::string& path) {
  for (const std::string_view homes : {"/home/", "/Users/"}) {
    if (!path.starts_with(homes) || path.size() == homes.size()) continue;
    const std::size_t slash = path.find('/', homes.size());
    path = slash == std::string::npos ? "~" : "~" + path.substr(slash);
  }
}

/// Without "//", "." and ".."; empty when it leaves its root.
std::string normal(std::string_view path) {
  const bool absolute = path.starts_with('/');
  const bool home = path == "~" || path.starts_with("~/");
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(home ? path.substr(1) : path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return {};
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  std::string out = absolute ? "" : home ? "~" : ".";
  for (const std::string_view part : parts) out.append("/").append(part);
  return out.empty() ? "/" : out;
}

}  // namespace

std::string canonical_path(std::string_view written) {
  written = trim(written);
  if (written.empty() || written.size() > kLongestPath) return {};
  std::string path = replaced(written);
  if (path.empty()) return {};
  replace_dates(path);
  replace_home(path);
  if (const std::string_view first = std::string_view(path).substr(0, path.find('/'));
      among(kHomeFiles, first))
    path = "~/" + path;
  if (path.starts_with('~') && path.size() > 1 && path[1] != '/') return {};  // another's home
  return normal(path);
}

bool is_pattern(std::string_view canonical) {
  return canonical.find_first_of("*?") != std::string_view::npos;
}

bool matches_path(std::string_view pattern, std::string_view path) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  bool crosses = false;
  while (t < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      const bool twice = p + 1 < pattern.size() && pattern[p + 1] == '*';
      // Back to a star within a component only while no slash has to be crossed for it.
      crosses = twice;
      while (p < pattern.size() && pattern[p] == '*') ++p;
      star = p;
      star_text = t;
    } else if (p < pattern.size() &&
               (pattern[p] == path[t] || (pattern[p] == '?' && path[t] != '/'))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && (crosses || path[star_text] != '/')) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_shared(std::string_view folder) {
  if (among(kShared, folder)) return true;
  return std::any_of(kSharedTrees.begin(), kSharedTrees.end(), [folder](std::string_view tree) {
    return folder.starts_with(tree) && (folder.size() == tree.size() || folder[tree.size()] == '/');
  });
}

bool is_telling(std::string_view pattern) {
  const std::size_t star = pattern.find_first_of("*?");
  if (star == std::string_view::npos) return true;
  const std::size_t slash = pattern.rfind('/', star);
  const std::string_view folder = pattern.substr(0, slash == std::string_view::npos ? 0 : slash);
  if (!folder.empty() && !is_shared(folder)) return true;
  // In a folder that all share, the name itself must say something, and be one component.
  const std::string_view name = pattern.substr(slash + 1);
  if (name.find("**") != std::string_view::npos) return false;
  const auto fixed = std::count_if(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  return fixed >= 4 && !folder.empty() && (star - slash) > 3;
}

std::vector<std::string> written_forms(const ConsentPlaces& places, std::string_view path) {
  std::vector<std::string> forms;
  const auto below = [&](const std::string& root, std::string_view prefix) {
    if (root.size() < 2 || !path.starts_with(root)) return;
    if (path.size() != root.size() && path[root.size()] != '/') return;
    forms.push_back(std::string(prefix).append(path.substr(root.size())));
  };
  below(places.home, "~");
  if (forms.empty()) forms.push_back(normal(path.empty() ? "/" : path));
  below(places.skill_dir, ".");
  for (const std::string& project : places.projects) below(project, ".");
  return forms;
}

}  // namespace skillaudit
