#include "harness/witness/user_files.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "harness/witness/files.h"
#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {

void create(const std::string& path, std::string_view content, mode_t mode) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail_on(path);
  write_all(fd.get(), content);
  if (::fchmod(fd.get(), mode) != 0) fail_on(path);
}

namespace {

/// One of the user's files: "d MODE" NUL path NUL, "l MODE" NUL path NUL target NUL, or "f MODE
/// SIZE" NUL path NUL and SIZE bytes; "p" for "f": a file with an absolute path outside the home.
struct Entry {
  char type = 'f';
  mode_t mode = 0;
  std::string path;
  std::string_view content;  ///< or a link's target
};

/// Takes the first entry off.
Entry next_entry(std::string_view& entries) {
  const auto field = [&] {
    const std::size_t end = entries.find('\0');
    if (end == std::string_view::npos) throw Failure{"the user's files are malformed"};
    const std::string_view text = entries.substr(0, end);
    entries.remove_prefix(end + 1);
    return text;
  };
  const std::string head(field());
  const auto parts = words(head);
  Entry entry;
  entry.path = field();
  if (parts.size() < 2) throw Failure{"the user's files are malformed"};
  entry.type = parts[0][0];
  entry.mode = static_cast<mode_t>(number(parts[1], 8));
  if (entry.type == 'l') entry.content = field();
  if (entry.type == 'd' || entry.type == 'l') return entry;
  const std::size_t size = parts.size() == 3 ? number(parts[2]) : 0;
  if (entries.size() < size) throw Failure{"the user's files are malformed"};
  entry.content = entries.substr(0, size);
  entries.remove_prefix(size);
  return entry;
}

/// The folders with an absolute path among the entries (unpack()) that were not there. They are
/// made for the user, and so are those above them in the home.
std::vector<std::string> make_projects(const Account& user, std::string_view entries) {
  std::vector<std::string> made;
  const auto make = [&](const std::string& path, bool is_users) {
    if (::mkdir(path.c_str(), 0755) != 0) return errno == EEXIST ? false : (fail_on(path), false);
    if (is_users && ::chown(path.c_str(), user.uid, user.gid) != 0) fail_on(path);
    return true;
  };
  while (!entries.empty()) {
    const Entry entry = next_entry(entries);
    if (entry.type != 'd' || !entry.path.starts_with('/')) continue;
    struct stat status {};
    if (::lstat(entry.path.c_str(), &status) == 0) continue;
    const bool in_home = entry.path.starts_with(user.home + "/");
    for (std::size_t at = entry.path.find('/', 1); at != std::string::npos;
         at = entry.path.find('/', at + 1))
      make(entry.path.substr(0, at), in_home);
    if (make(entry.path, true)) made.push_back(entry.path);
  }
  return made;
}

/// Makes the files that lie outside the home, as the user's, with the folders that they lack; what
/// is there is replaced.
std::vector<std::string> place_files(const Account& user, std::string_view entries) {
  std::vector<std::string> placed;
  while (!entries.empty()) {
    const Entry entry = next_entry(entries);
    if (entry.type != 'p') continue;
    for (std::size_t at = entry.path.find('/', 1); at != std::string::npos;
         at = entry.path.find('/', at + 1)) {
      const std::string folder = entry.path.substr(0, at);
      if (::mkdir(folder.c_str(), 0755) == 0) {
        if (::chown(folder.c_str(), user.uid, user.gid) != 0) fail_on(folder);
      } else if (errno != EEXIST) {
        fail_on(folder);
      }
    }
    if (::unlink(entry.path.c_str()) != 0 && errno != ENOENT) fail_on(entry.path);
    create(entry.path, entry.content, entry.mode);
    if (::chown(entry.path.c_str(), user.uid, user.gid) != 0) fail_on(entry.path);
    placed.push_back(entry.path);
  }
  return placed;
}

bool is_in(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
  });
}

/// Paths are below the working directory, folders before what is in them; or absolute, and left out
/// unless below one of `projects`.
void unpack(std::string_view entries, const std::vector<std::string>& projects) {
  const auto make_folder = [](const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) fail_on(path);
  };
  const auto make_parents = [&](const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
      make_folder(path.substr(0, at), 0755);
  };
  std::vector<std::pair<std::string, mode_t>> folders;
  while (!entries.empty()) {
    const Entry entry = next_entry(entries);
    const std::string& path = entry.path;
    if (entry.type == 'p' || (path.starts_with('/') && !is_in(path, projects))) continue;
    make_parents(path);
    if (entry.type == 'd') {
      make_folder(path, 0700);
      folders.emplace_back(path, entry.mode);
      continue;
    }
    ::unlink(path.c_str());
    if (entry.type == 'l') {
      if (::symlink(std::string(entry.content).c_str(), path.c_str()) != 0) fail_on(path);
      continue;
    }
    create(path, entry.content, entry.mode);
  }
  // Last: a folder that its user may not write to gets its content first.
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
    if (::chmod(folder->first.c_str(), folder->second) != 0) fail_on(folder->first);
}

std::vector<gid_t> groups_of(const Account& user) {
  std::vector<gid_t> groups = {user.gid};
  const std::string text = must_read("/etc/group", 1U << 22);
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 4) continue;
    for (const std::string_view member : split(fields[3], ','))
      if (member == user.name) groups.push_back(static_cast<gid_t>(number(fields[2])));
  }
  return groups;
}

/// As the user: what is not the user's to write, the files of a skill cannot reach either.
void unpack_as(const Account& user, std::string_view entries,
               const std::vector<std::string>& projects) {
  const std::vector<gid_t> groups = groups_of(user);
  std::array<int, 2> said{};
  if (::pipe2(said.data(), O_CLOEXEC) != 0) fail_on("a pipe");
  const Fd read_end(said[0]);
  const pid_t child = ::fork();
  if (child < 0) fail_on("a process");
  if (child == 0) {
    std::string problem;
    try {
      ::umask(022);
      if (::setgroups(groups.size(), groups.data()) != 0 || ::setgid(user.gid) != 0 ||
          ::setuid(user.uid) != 0 || ::chdir(user.home.c_str()) != 0)
        fail_on(user.home);
      unpack(entries, projects);
    } catch (const Failure& failed) {
      problem = failed.message;
    }
    [[maybe_unused]] const ssize_t told = ::write(said[1], problem.data(), problem.size());
    ::_exit(problem.empty() ? 0 : 1);
  }
  ::close(said[1]);
  std::array<char, 512> problem{};
  const ssize_t size = ::read(read_end.get(), problem.data(), problem.size());
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0)
    throw Failure{
        "unpacking the user's files: " +
        std::string(problem.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)))};
}

/// Rows of all that was written, and of the folders above.
std::string written_rows(const std::string& home, const std::vector<std::string>& projects,
                         const std::vector<std::string>& placed) {
  std::string rows;
  for (const char* path : {"/etc", "/etc/machine-id", "/etc/hostname", "/etc/hosts", "/etc/ssh",
                           "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key.pub"})
    put_row(rows, path);
  for (const std::string& project : projects) {
    if (project.starts_with(home + "/")) continue;
    for (std::size_t at = project.find('/', 1); at != std::string::npos;
         at = project.find('/', at + 1))
      put_row(rows, project.substr(0, at));
    put_row(rows, "/");
    rows += files_below(project).files;
  }
  for (const std::string& path : placed) {
    put_row(rows, "/");
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
      put_row(rows, path.substr(0, at));
    put_row(rows, path);
  }
  return rows + files_below(home).files;
}

}  // namespace

std::string unpack_user_files(const Account& user, std::string_view entries) {
  const std::vector<std::string> projects = make_projects(user, entries);
  unpack_as(user, entries, projects);
  const std::vector<std::string> placed = place_files(user, entries);
  return written_rows(user.home, projects, placed);
}

}  // namespace witness
