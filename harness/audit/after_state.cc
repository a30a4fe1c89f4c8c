#include "harness/audit/after_state.h"

#include <algorithm>

#include "harness/analysis/changes.h"
#include "harness/audit/disk_view.h"
#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/disk/hash_files.h"
#include "harness/disk/list_files.h"
#include "harness/snapshot/details.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

constexpr seconds kCaptureLimit{180};
/// The file list of a full disk is some hundred megabytes; what is more is an attack.
constexpr std::size_t kCaptureBytes = 1U << 30;
/// What the guest is asked of: each costs it a millisecond. The disk's word stands for the rest.
constexpr std::size_t kMostAsked = 4000;

/// The folders that the guest's own walk leaves out too.
const ListingOptions kListing{.leave_out = {"/proc", "/sys", "/dev", "/run"}};

std::string run_script(SshSession& guest, const std::string& what, const std::string& script) {
  return guest.check(
      what, "sudo -n sh -s",
      {.timeout = kCaptureLimit, .input = script, .output_limit = kCaptureBytes});
}

constexpr const char* kThaw = "/usr/sbin/fsfreeze -u /";

void thaw(SshSession& guest) {
  guest.check("letting the guest write again", std::string("sudo -n ") + kThaw);
}

/// A file that the guest was told to make, holding its own name.
struct Canary {
  std::string path = "/." + random_hex(16);

  /// Takes it out of the listing; false when the disk does not hold it.
  bool take(GuestDisk& disk, DiskListing& listing) const {
    const auto at = std::lower_bound(
        listing.files.begin(), listing.files.end(), path,
        [](const FileEntry& file, const std::string& wanted) { return file.path < wanted; });
    if (at == listing.files.end() || at->path != path) return false;
    const DiskTexts found = read_texts(disk, listing, {path});
    listing.inodes.erase(listing.inodes.begin() + (at - listing.files.begin()));
    listing.files.erase(at);
    return found.texts.size() == 1 && found.texts[0].content == path;
  }
};

/// The root's files from the disk, the other file systems' from the guest.
std::string all_files(const DiskListing& listing, const std::string& elsewhere) {
  return elsewhere.empty() ? format_files(listing.files)
                           : replace_files(elsewhere, format_files(listing.files));
}

/// What the guest shows of `paths`: rows for those that it sees.
std::string ask_guest(SshSession& guest, const std::string& paths) {
  const std::string script =
      std::string(kThaw) + R"sh( || exit 1
exec /usr/bin/xargs -0 -r /bin/sh -c '/usr/bin/find "$@" -maxdepth 0 -printf "%y %m %U %G %s %T@ %C@ %p\0%l\0" 2>/dev/null; :' sh)sh";
  return guest.check("asking the guest for the files that changed",
                     "sudo -n sh -c " + shell_quote(script),
                     {.timeout = kCaptureLimit, .input = paths, .output_limit = kCaptureBytes});
}

/// Files that are on the disk and changed. Those of logs and of what runs by itself are left out:
/// they come and go while the guest is asked.
std::string paths_to_ask(const Snapshot& before, const Snapshot& after,
                         const std::vector<std::string>& control) {
  std::string asked;
  std::size_t count = 0;
  for (const std::string& path : changed_paths(before, after)) {
    if (path.starts_with("/var/log/") || std::find(control.begin(), control.end(), path) != control.end())
      continue;
    const auto at = std::lower_bound(
        after.files.begin(), after.files.end(), path,
        [](const FileEntry& file, const std::string& wanted) { return file.path < wanted; });
    if (at == after.files.end() || at->path != path) continue;
    asked += path + '\0';
    if (++count == kMostAsked) break;
  }
  return asked;
}

/// Of the paths that the guest was asked for, those that it shows and those that are on its disk
/// now.
std::string still_there(Sandbox& sandbox, const GuestView& view) {
  run_script(sandbox.guest(), "writing the guest's disk", "/usr/sbin/fsfreeze -f /");
  std::string paths;
  {
    DiskView again(sandbox.machine());
    const DiskListing listing = list_files(again.disk(), kListing);
    const auto holds = [](const std::vector<FileEntry>& files, const std::string& path) {
      return std::binary_search(
          files.begin(), files.end(), FileEntry{.path = path},
          [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
    };
    for (const std::string& path : view.asked)
      if (holds(view.seen, path) || holds(listing.files, path)) paths += path + '\0';
  }
  thaw(sandbox.guest());
  return paths;
}

void from_outside(Sandbox& sandbox, const Snapshot& before, AfterState& state) {
  const Canary canary;
  state.tables = parse_frames(
      run_script(sandbox.guest(), "capturing the guest's state after the run",
                 capture_script({.root_from_outside = true, .canary = canary.path})));
  std::string asked;
  std::vector<Package> packages;
  {
    DiskView view(sandbox.machine());
    DiskListing listing = list_files(view.disk(), kListing);
    for (const std::string& gap : view.disk().gaps()) state.gaps.push_back(gap);
    if (!canary.take(view.disk(), listing))
      state.gaps.emplace_back(
          "The guest's disk does not hold what was written to it last: what it shows is not what "
          "the guest saw.");
    state.tables.tables["files"] = all_files(listing, state.tables.tables["files"]);
    const Snapshot after = parse_snapshot(state.tables);
    const DiskDigests digests = hash_files(view.disk(), listing, paths_to_hash(before, after));
    for (const FileDigest& digest : digests.digests)
      state.digests += digest.path + '\0' + digest.sha256 + '\0';
    state.gaps.insert(state.gaps.end(), listing.gaps.begin(), listing.gaps.end());
    state.gaps.insert(state.gaps.end(), digests.gaps.begin(), digests.gaps.end());
    state.guest_asked = paths_to_ask(before, after, sandbox.base().control);
    packages = new_packages(before, after);
  }
  if (!state.guest_asked.empty()) {
    state.guest_view = ask_guest(sandbox.guest(), state.guest_asked);
    // A process that still runs may have removed one meanwhile: only what the disk holds, is not
    // shown, and is on the disk still was hidden.
    if (const GuestView view = parse_guest_view(state.guest_asked, state.guest_view);
        view.seen.size() < view.asked.size())
      state.guest_asked = still_there(sandbox, view);
  } else if (!packages.empty()) {
    thaw(sandbox.guest());
  }
  if (!packages.empty())
    state.details = run_script(sandbox.guest(), "reading what packages brought",
                               detail_script({}, packages));
}

void from_inside(SshSession& guest, const Snapshot& before, AfterState& state) {
  state.tables =
      parse_frames(run_script(guest, "capturing the guest's state after the run", capture_script()));
  const Snapshot after = parse_snapshot(state.tables);
  const std::vector<std::string> paths = paths_to_hash(before, after);
  const std::vector<Package> packages = new_packages(before, after);
  if (paths.empty() && packages.empty()) return;
  state.details = run_script(guest, "reading what changed", detail_script(paths, packages));
}

}  // namespace

AfterState capture_after(Sandbox& sandbox, const RawSnapshot& before) {
  AfterState state;
  const Snapshot parsed = parse_snapshot(before);
  if (sandbox.base().disk_readable) {
    from_outside(sandbox, parsed, state);
  } else {
    from_inside(sandbox.guest(), parsed, state);
  }
  return state;
}

TemplateState capture_template(Machine& machine, SshSession& guest) {
  const auto capture = [&](const CaptureOptions& options) {
    RawSnapshot raw = parse_frames(
        run_script(guest, "capturing the template's state", capture_script(options)));
    if (!raw.gaps.empty())
      fail(ErrorKind::Evidence, "capturing the template's state: {}", raw.gaps.front());
    return raw;
  };
  try {
    TemplateState state{.tables = capture({.root_from_outside = true}), .disk_readable = true};
    {
      DiskView view(machine);
      const DiskListing listing = list_files(view.disk(), kListing);
      if (!view.disk().gaps().empty() || !listing.gaps.empty())
        fail(ErrorKind::Evidence, "{}",
             view.disk().gaps().empty() ? listing.gaps.front() : view.disk().gaps().front());
      state.tables.tables["files"] = all_files(listing, state.tables.tables["files"]);
    }
    thaw(guest);
    return state;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    guest.exec(std::string("sudo -n ") + kThaw);
    return {.tables = capture({}), .disk_readable = false};
  }
}

}  // namespace skillaudit
