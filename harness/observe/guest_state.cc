#include "harness/observe/guest_state.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/changes/changes.h"
#include "harness/disk/hash_files.h"
#include "harness/disk/list_files.h"
#include "harness/disk/visit_files.h"
#include "harness/evidence/decoy_copies.h"
#include "harness/observe/contents_before.h"
#include "harness/observe/disk_view.h"
#include "harness/observe/edited_files.h"
#include "harness/sensors/decoys.h"
#include "harness/snapshot/details.h"

namespace skillaudit {
namespace {

/// What the guest is asked of: each costs it a millisecond. The disk's word stands for the rest.
constexpr std::size_t kMostAsked = 4000;

/// Where other file systems are mounted, which the guest lists.
const ListingOptions kListing{.leave_out = {"/proc", "/sys", "/dev", "/run"}};

/// A file that the guest was told to make, holding its own name.
struct Canary {
  std::string path = "/." + random_hex(16);

  /// Takes it out of the listing; false when the disk does not hold it.
  bool take(GuestDisk& disk, DiskListing& listing) const {
    const FileEntry* file = find_file(listing.files, path);
    if (!file) return false;
    const DiskTexts found = read_texts(disk, listing, {path});
    const auto place = file - listing.files.data();
    listing.inodes.erase(listing.inodes.begin() + place);
    listing.files.erase(listing.files.begin() + place);
    return found.texts.size() == 1 && found.texts[0].content == path;
  }
};

/// The root's files and their attributes from the disk, the other file systems' from the guest.
void put_files(const DiskListing& listing, RawSnapshot& tables) {
  std::string& files = tables.tables["files"];
  files = files.empty() ? format_files(listing.files)
                        : replace_files(files, format_files(listing.files));
  std::string& attributes = tables.tables["attributes"];
  attributes.insert(0, format_attributes(listing.attributes));
}

/// Files that are on the disk and changed. Those of logs and of what runs by itself are left out:
/// they come and go while the guest is asked.
std::string paths_to_ask(const Snapshot& before, const Snapshot& after, const DiskListing& listing,
                         const std::vector<std::string>& control) {
  std::string asked;
  std::size_t count = 0;
  for (const std::string& path : changed_paths(before, after)) {
    if (path.starts_with("/var/log/") ||
        std::find(control.begin(), control.end(), path) != control.end())
      continue;
    if (!find_file(listing.files, path)) continue;
    asked += path + '\0';
    if (++count == kMostAsked) break;
  }
  return asked;
}

/// Of the paths that the guest was asked for, those that it shows and those that are on its disk
/// still.
std::string still_there(const Subject& subject, Witness& witness, const GuestView& view) {
  std::string paths;
  (void)witness.capture(subject.session, {}, {}, [&](std::string_view) {
    DiskView again(subject.machine);
    const DiskListing listing = list_files(again.disk(), kListing);
    for (const std::string& path : view.asked)
      if (find_file(view.seen, path) || find_file(listing.files, path)) paths += path + '\0';
    return std::string();
  });
  return paths;
}

/// Whether a package manager may have put the file there: much, large, and rarely a hiding place.
bool is_installed_place(const std::string& path) {
  for (const char* folder : {"/usr/", "/lib/", "/boot/", "/var/lib/", "/var/cache/"})
    if (path.starts_with(folder)) return true;
  return path.find("/site-packages/") != std::string::npos ||
         path.find("/node_modules/") != std::string::npos;
}

/// Gives `take` the attributes that are new or have another value.
template <typename Take>
void search_attributes(const std::vector<FileAttribute>& before,
                       const std::vector<FileAttribute>& after, const Take& take) {
  const auto less = [](const FileAttribute& a, const FileAttribute& b) {
    return std::tie(a.path, a.name, a.value) < std::tie(b.path, b.name, b.value);
  };
  for (const FileAttribute& each : after)
    if (!std::binary_search(before.begin(), before.end(), each, less))
      take(each.path + std::string(kInAttribute) + each.name, each.value);
}

/// Looks for the decoys in what changed on the disk. Where packages came, what they may have
/// brought is searched last. Past the limits nothing is looked for, and no evidence is missing for
/// that: a copy is a hint, and an honest skill may write much; what leaves is searched on its way
/// out.
void find_copies_on(GuestDisk& disk, const DiskListing& listing, std::vector<std::string> paths,
                    const std::vector<Decoy>& decoys, bool has_packages, const Snapshot& before,
                    AfterState& state) {
  const auto own = std::stable_partition(paths.begin(), paths.end(), [&](const std::string& path) {
    return !has_packages || !is_installed_place(path);
  });
  const std::vector<std::string> installed(own, paths.end());
  paths.erase(own, paths.end());
  constexpr VisitLimits kOwn;
  constexpr VisitLimits kInstalled{.total = 128ULL << 20};
  state.decoy_copies = format_copies(find_copies(decoys, [&](const auto& take) {
    search_attributes(before.attributes, state.parsed.attributes, take);
    (void)visit_files(disk, listing, paths, take, kOwn);
    (void)visit_files(disk, listing, installed, take, kInstalled);
  }));
}

/// The texts of changed files by which an agent is told or allowed something, and those wanted.
std::string agent_files_on(GuestDisk& disk, const DiskListing& listing,
                           const std::vector<std::string>& changed, const std::string& home,
                           const std::vector<std::string>& wanted) {
  constexpr std::size_t kMost = 200;
  std::vector<std::string> paths = wanted;
  for (const std::string& path : changed)
    if (is_agent_settings(path, home) && paths.size() < kMost &&
        !std::binary_search(wanted.begin(), wanted.end(), path))
      paths.push_back(path);
  std::vector<AgentFileText> files;
  DiskTexts read = read_texts(disk, listing, paths);
  for (auto& file : read.texts) files.push_back({std::move(file.path), std::move(file.content)});
  return format_agent_files(files);
}

/// Hashes what changed, and what may have been changed unseen; keeps the digests of the former and
/// of what turns out to have another content.
void hash_contents(GuestDisk& disk, const DiskListing& listing,
                   const std::vector<std::string>& changed, const ContentsBefore& before,
                   AfterState& state) {
  const std::vector<std::string> unseen = before.worth_comparing(listing.files);
  std::vector<std::string> all;
  std::set_union(changed.begin(), changed.end(), unseen.begin(), unseen.end(),
                 std::back_inserter(all));
  const DiskDigests digests = hash_files(disk, listing, all);
  std::vector<std::string> kept;
  for (const FileDigest& digest : digests.digests) {
    if (!std::binary_search(changed.begin(), changed.end(), digest.path) &&
        before.digest(digest.path) == digest.sha256)
      continue;
    state.digests += digest.path + '\0' + digest.sha256 + '\0';
    kept.push_back(digest.path);
  }
  state.digests_before = before.table(kept);
  append(state.gaps, digests.gaps);
}

void from_outside(const Subject& subject, Witness& witness, const Snapshot& before,
                  const std::vector<std::string>& wanted, AfterState& state) {
  const Canary canary;
  const ContentsBefore contents(subject.base, subject.prepared,
                                subject.machine.facts().account.home);
  std::vector<Package> packages;
  const auto look = [&](std::string_view stream) {
    state.tables = parse_frames(stream);
    DiskView view(subject.machine);
    DiskListing listing = list_files(view.disk(), kListing);
    append(state.gaps, view.disk().gaps());
    if (!canary.take(view.disk(), listing))
      state.gaps.push_back(Gap::lost(GapSource::Disk,
                                     "The guest's disk lacks the last writes, so its files may "
                                     "differ from what the guest saw."));
    put_files(listing, state.tables);
    state.parsed = parse_snapshot(state.tables);
    const Snapshot& after = state.parsed;
    const std::vector<std::string> changed = paths_to_hash(before, after);
    append(state.gaps, listing.gaps);
    hash_contents(view.disk(), listing, changed, contents, state);
    packages = new_packages(before, after);
    find_copies_on(view.disk(), listing, changed, subject.home.decoys, !packages.empty(), before,
                   state);
    state.agent_files =
        agent_files_on(view.disk(), listing, changed, subject.machine.facts().account.home, wanted);
    state.edited_files = edited_files(view.disk(), listing, changed, subject.home,
                                      subject.machine.facts().account.home);
    state.guest_asked = paths_to_ask(before, after, listing, subject.base.control);
    return state.guest_asked;
  };
  state.guest_view = witness.capture(subject.session, {}, canary.path, look).view;
  // A process that still runs may have removed one meanwhile: only what the disk holds, is not
  // shown, and is on the disk still was hidden.
  if (const GuestView view = parse_guest_view(state.guest_asked, state.guest_view);
      view.seen.size() < view.asked.size())
    state.guest_asked = still_there(subject, witness, view);
  if (!packages.empty()) state.details = witness.details(detail_requests({}, packages)).stream;
}

void from_inside(const Subject& subject, Witness& witness, const Snapshot& before,
                 AfterState& state) {
  state.tables = parse_frames(witness.capture(subject.session, "/", {}, {}).stream);
  state.parsed = parse_snapshot(state.tables);
  const std::vector<std::string> paths = paths_to_hash(before, state.parsed);
  const std::vector<Package> packages = new_packages(before, state.parsed);
  if (paths.empty() && packages.empty()) return;
  state.digests_before =
      ContentsBefore(subject.base, subject.prepared, subject.machine.facts().account.home)
          .table(paths);
  state.details = witness.details(detail_requests(paths, packages)).stream;
}

/// Table "digests" of every file.
std::string all_digests(GuestDisk& disk, const DiskListing& listing) {
  std::vector<std::string> paths;
  for (const FileEntry& file : listing.files)
    if (file.type == FileType::Regular) paths.push_back(file.path);
  std::string table;
  for (const FileDigest& digest : hash_files(disk, listing, paths).digests)
    table += digest.path + '\0' + digest.sha256 + '\0';
  return table;
}

}  // namespace

RawSnapshot state_before(const MachineBase& base, const Prepared& prepared) {
  RawSnapshot state = base.snapshot();
  state.tables["files"] = replace_files(state.tables["files"], prepared.files);
  state.tables["config"] = prepared.config;
  return state;
}

StateNow capture_now(const Subject& subject, Witness& witness, const RawSnapshot& before) {
  StateNow now;
  if (!subject.base.disk_readable || !subject.machine.facts().can.disk) {
    now.tables = parse_frames(witness.capture(subject.session, "/", {}, {}).stream);
    return now;
  }
  (void)witness.capture(subject.session, {}, {}, [&](std::string_view stream) {
    now.tables = parse_frames(stream);
    DiskView view(subject.machine);
    const DiskListing listing = list_files(view.disk(), kListing);
    put_files(listing, now.tables);
    const std::vector<std::string> changed =
        paths_to_hash(parse_snapshot(before), parse_snapshot(now.tables));
    for (const FileDigest& digest : hash_files(view.disk(), listing, changed).digests)
      now.digests += digest.path + '\0' + digest.sha256 + '\0';
    return std::string();
  });
  return now;
}

AfterState capture_after(const Subject& subject, Witness& witness, const Snapshot& before,
                         const std::vector<std::string>& wanted) {
  AfterState state;
  if (subject.base.disk_readable && subject.machine.facts().can.disk) {
    from_outside(subject, witness, before, wanted, state);
  } else {
    from_inside(subject, witness, before, state);
  }
  return state;
}

TemplateState capture_template(Machine& machine, SshSession& guest, Contents contents) {
  TemplateState state{.disk_readable = true};
  SshWitness witness(guest);
  const int session = session_process(guest);
  try {
    (void)witness.capture(session, {}, {}, [&](std::string_view stream) {
      state.tables = parse_frames(stream);
      DiskView view(machine);
      const DiskListing listing = list_files(view.disk(), kListing);
      for (const auto& gaps : {state.tables.gaps, view.disk().gaps(), listing.gaps})
        if (!gaps.empty()) fail(ErrorKind::Evidence, "{}", gaps.front().text);
      put_files(listing, state.tables);
      if (contents == Contents::Hashed) state.digests = all_digests(view.disk(), listing);
      return std::string();
    });
    return state;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    state = {.disk_readable = false, .why_not = error.what()};
  }
  state.tables = parse_frames(witness.capture(session, "/", {}, {}).stream);
  if (!state.tables.gaps.empty())
    fail(ErrorKind::Evidence, "capturing the guest's state: {}", state.tables.gaps.front().text);
  return state;
}

}  // namespace skillaudit
