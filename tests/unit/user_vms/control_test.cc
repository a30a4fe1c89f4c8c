#include "harness/user_vms/control.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/stat.h>

#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

/// Answers one question with `problem`; the question.
std::string answer_one(ControlSocket& control, const std::string& problem) {
  pollfd asked{control.fd(), POLLIN, 0};
  ::poll(&asked, 1, 10'000);
  std::optional<Request> request = control.accept();
  if (!request) return "nobody asked";
  request->answer(problem);
  return request->what();
}

class Control : public testing::Test {
 protected:
  TempDir dir;
  ControlSocket control{dir.path()};

  std::string refusal(const std::string& what) {
    try {
      ask_holder(dir.path(), what, seconds(10));
      return "it was done";
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST_F(Control, CarriesAQuestionAndThatItWasDone) {
  std::string asked;
  std::thread holder([&] { asked = answer_one(control, ""); });
  EXPECT_EQ(refusal("reset"), "it was done");
  holder.join();
  EXPECT_EQ(asked, "reset");
}

TEST_F(Control, CarriesAProblemThatIsSafeToShow) {
  std::thread holder([&] { answer_one(control, "the disk\nis \x1b[31mfull"); });
  EXPECT_THAT(refusal("reset"), HasSubstr("the disk\\nis \\x1b[31mfull"));
  holder.join();
}

TEST_F(Control, ReplacesASocketThatAKilledProcessLeft) {
  ControlSocket second(dir.path());
  std::thread holder([&] { answer_one(second, ""); });
  EXPECT_EQ(refusal("stop"), "it was done");
  holder.join();
}

TEST_F(Control, IsReachedInAFolderWhosePathIsLongerThanAnAddress) {
  const auto deep = dir.path() / std::string(100, 'a') / std::string(100, 'b');
  std::filesystem::create_directories(deep);
  ControlSocket far(deep);
  std::thread holder([&] { answer_one(far, ""); });
  EXPECT_NO_THROW(ask_holder(deep, "stop", seconds(10)));
  holder.join();
}

TEST(ControlAbsent, IsSaid) {
  const TempDir dir;
  EXPECT_THROW(ask_holder(dir.path(), "stop", seconds(1)), Error);
}

}  // namespace
}  // namespace skillaudit
