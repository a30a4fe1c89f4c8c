#include "harness/user_vms/record.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/name.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A cache with VMs that are only records.
class Records : public testing::Test {
 protected:
  TempDir cache;
  std::vector<FileLock> held;

  fs::path add(const std::string& place, const VmRecord& record) {
    const fs::path folder = cache.path() / place / record.name;
    fs::create_directories(folder);
    write_file(folder / "lock", "");
    write_record(folder, record);
    return folder;
  }
  fs::path add_running(const std::string& name) {
    const fs::path folder = add("runs", {.name = name, .user = "ubuntu"});
    held.push_back(std::move(*FileLock::try_acquire(folder / "lock")));
    write_running(folder, {.pid = 42, .ssh_port = 4022});
    return folder;
  }
  fs::path add_kept(const std::string& name) {
    return add("kept", {.name = name, .user = "ubuntu", .kept = Kept{.image_id = "0123abcd"}});
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const Vm& vm : list_vms(cache.path())) found.push_back(vm.record.name);
    return found;
  }
  [[nodiscard]] std::string refusal(const std::string& name) const {
    try {
      const Vm vm = choose_vm(list_vms(cache.path()), name, "vm ssh");
      return "no refusal, but " + vm.record.name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      return error.what();
    }
  }
};

TEST_F(Records, AreReadAsTheyWereWritten) {
  const VmRecord record{.name = "notes",
                        .os = "Debian \"12\"",
                        .user = "ubuntu",
                        .created = "2026-01-31T12:00:00Z",
                        .client_private_key = "PEM\nline\n",
                        .host_public_key = "ssh-ed25519 AAAA",
                        .kept = Kept{.skill = "notes",
                                     .verdict = "REJECTED",
                                     .grade = "F",
                                     .checkpoint = kAfter,
                                     .image = "debian-12",
                                     .image_id = "0123abcd",
                                     .memory_mib = 2048,
                                     .machine = R"({"cpus":4})"}};
  const fs::path folder = add("kept", record);
  EXPECT_EQ(fs::status(folder / "vm.json").permissions() & fs::perms::mask,
            fs::perms::owner_read | fs::perms::owner_write);  // it holds a key
  const std::vector<Vm> vms = list_vms(cache.path());
  ASSERT_THAT(vms, SizeIs(1));
  const VmRecord& read = vms[0].record;
  EXPECT_EQ(read.name, record.name);
  EXPECT_EQ(read.os, record.os);
  EXPECT_EQ(read.user, record.user);
  EXPECT_EQ(read.created, record.created);
  EXPECT_EQ(read.client_private_key, record.client_private_key);
  EXPECT_EQ(read.host_public_key, record.host_public_key);
  ASSERT_TRUE(read.kept);
  EXPECT_EQ(read.kept->skill, "notes");
  EXPECT_EQ(read.kept->verdict, "REJECTED");
  EXPECT_EQ(read.kept->grade, "F");
  EXPECT_EQ(read.kept->checkpoint, kAfter);
  EXPECT_EQ(read.kept->image, "debian-12");
  EXPECT_EQ(read.kept->image_id, "0123abcd");
  EXPECT_EQ(read.kept->memory_mib, 2048);
  EXPECT_EQ(read.kept->machine, R"({"cpus":4})");
}

TEST_F(Records, OfEarlierVersionsHaveTheMachinesFieldsBesideTheOthers) {
  const fs::path folder = add_kept("old");
  write_file(folder / "vm.json", R"({"name": "old", "os": "Debian", "user": "ubuntu",
    "created": "2026-01-31T12:00:00Z", "client_private_key": "PEM", "host_public_key": "AAAA",
    "kept": {"skill": "notes", "verdict": "APPROVED", "grade": "A", "checkpoint": "after",
             "qemu_version": "7.2", "image": "debian-12", "image_id": "0123abcd", "kvm": false,
             "cpus": 2, "memory_mib": 1024, "kernel": "/i/vmlinuz", "initrd": "/i/initrd"}})");
  const std::vector<Vm> vms = list_vms(cache.path());
  ASSERT_THAT(vms, SizeIs(1));
  EXPECT_THAT(vms[0].record.kept->machine, testing::HasSubstr(R"("qemu_version":"7.2")"));
}

TEST_F(Records, ListRunningOnesFirst) {
  add_kept("b-kept");
  add_kept("a-kept");
  add_running("z-runs");
  EXPECT_THAT(names(), ElementsAre("z-runs", "a-kept", "b-kept"));
  EXPECT_EQ(list_vms(cache.path())[0].running->ssh_port, 4022);
  EXPECT_FALSE(list_vms(cache.path())[1].running);
}

TEST_F(Records, OfARunningOneWhoseProcessDiedAreNotListed) {
  add_running("box");
  held.clear();
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Records, ThatAreDamagedAreLeftOut) {
  write_file(add_kept("broken") / "vm.json", "{\"name\": 3");
  write_file(add_kept("odd") / "vm.json", "{\"name\": 3}");
  add_kept("whole");
  EXPECT_THAT(names(), ElementsAre("whole"));
}

TEST_F(Records, TellWhichStandOnAnImage) {
  add_kept("notes");
  add_running("box");
  EXPECT_THAT(vms_on_image(cache.path(), "0123abcd"), ElementsAre("notes"));
  EXPECT_THAT(vms_on_image(cache.path(), "other"), IsEmpty());
}

TEST_F(Records, ChooseTheOnlyOneWithoutAName) {
  add_kept("notes");
  EXPECT_EQ(choose_vm(list_vms(cache.path()), "", "vm ssh").record.name, "notes");
}

TEST_F(Records, ChooseByName) {
  add_kept("notes");
  add_running("box");
  EXPECT_EQ(choose_vm(list_vms(cache.path()), "notes", "vm ssh").record.name, "notes");
}

TEST_F(Records, NameTheWayToOneWhenThereIsNone) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("vm start"), HasSubstr("--keep always")));
}

TEST_F(Records, AreNamedWhenThereAreSeveral) {
  add_kept("notes");
  add_running("box");
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("skillaudit vm ssh box"), HasSubstr("box, notes")));
}

TEST_F(Records, AreNamedWhenTheNameIsWrong) {
  add_kept("notes");
  EXPECT_THAT(refusal("note"), HasSubstr("did you mean 'notes'?"));
  EXPECT_THAT(refusal("quite-different"), HasSubstr("there is notes"));
}

TEST_F(Records, GiveANameThatIsFree) {
  add_kept("notes");
  EXPECT_EQ(free_name(list_vms(cache.path()), "box"), "box");
  EXPECT_EQ(free_name(list_vms(cache.path()), "notes"), "notes-2");
  add_kept("notes-2");
  EXPECT_EQ(free_name(list_vms(cache.path()), "notes"), "notes-3");
}

TEST(VmName, IsCheckedBeforeItBecomesAPath) {
  for (const char* name : {"", "..", "../x", "a/b", "A", "-x", ".x", "a b", "a\nb"})
    EXPECT_THROW(check_name("a VM", name), Error) << name;
  EXPECT_THROW(check_name("a VM", std::string(65, 'a')), Error);
  EXPECT_NO_THROW(check_name("a VM", "my-skill_2.0"));
}

}  // namespace
}  // namespace skillaudit
