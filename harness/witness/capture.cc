#include "harness/witness/capture.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/witness/files.h"
#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// fsfreeze(8): the kernel writes everything back, and lets nobody write until the thaw.
void freeze(const std::string& canary) {
  if (!canary.empty()) {
    const Fd file(::open(canary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) fail_on(canary);
    write_all(file.get(), canary);
  }
  const Fd root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root || ::ioctl(root.get(), FIFREEZE, 0) != 0) fail_on("freezing the root");
}

std::string modules_table() {
  // A kernel built without loadable modules has no such file.
  return read_any(in_proc("modules"), 1U << 22).value_or("");
}

void show(Channel& channel) {
  const std::string line = channel.read_line();
  const auto parts = words(line);
  thaw();
  if (parts.size() != 2 || parts[0] != "go") return;
  const std::string paths = channel.read(number(parts[1]));
  std::string rows;
  for (const std::string_view path : split(paths, '\0')) put_row(rows, std::string(path));
  channel.write("view " + std::to_string(rows.size()) + "\n");
  channel.write(rows);
}

}  // namespace

void thaw() {
  const Fd root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root) ::ioctl(root.get(), FITHAW, 0);
}

void capture(Channel& channel, const CaptureOrder& order) {
  Stream stream(channel);
  enter_own_proc();
  // Processes and sockets first: they change most while the rest is read.
  stream.add("processes", [&] { return processes_table(order.witness, order.session); });
  stream.add("sockets", sockets_table);
  stream.add("units", units_table);
  stream.add("cron", cron_table);
  stream.add("config", config_table);
  stream.add("unit_files", unit_files_table);
  stream.add("pip", pip_table);
  stream.add("npm", npm_table);
  stream.add("users", [] { return must_read("/etc/passwd", 1U << 24); });
  stream.add("groups", [] { return must_read("/etc/group", 1U << 24); });
  stream.add("packages", dpkg_table);
  stream.add("kernel_modules", modules_table);
  stream.add("mounts", [] { return must_read(in_proc("1/mountinfo"), 1U << 24); });
  stream.add("kernel_settings", kernel_settings_table);
  const bool from_outside = order.root.empty();
  Listing listing;
  stream.add("files", [&] {
    listing = from_outside ? files_elsewhere() : files_below(order.root);
    if (from_outside) freeze(order.canary);
    return std::move(listing.files);
  });
  stream.add("attributes", [&] { return std::move(listing.attributes); });
  stream.end();
  if (from_outside) show(channel);
}

}  // namespace witness
