#include "harness/machine/guest_port.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class GuestPortTest : public testing::Test {
 protected:
  GuestPortTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    port_ = GuestPort(Fd(ends[0]));
    guest_ = Fd(ends[1]);
  }
  void guest_says(std::string_view text) const {
    EXPECT_EQ(::send(guest_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  template <typename Call>
  static std::string error_of(const Call& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Evidence);
      return error.what();
    }
    return {};
  }
  static bool ends_in_x(std::string_view bytes) { return bytes.ends_with("x"); }

  GuestPort port_;
  Fd guest_;
};

TEST_F(GuestPortTest, ReadsLineByLineAndKeepsWhatFollows) {
  guest_says("one\ntwo\nthe rest x");
  EXPECT_EQ(port_.read_line(milliseconds(500)), "one");
  EXPECT_EQ(port_.read_line(milliseconds(500)), "two");
  EXPECT_EQ(port_.read_until(ends_in_x, 100, milliseconds(500)), "the rest x");
}

TEST_F(GuestPortTest, OfASilentGuestIsMissingEvidence) {
  EXPECT_THAT(error_of([&] { port_.read_line(milliseconds(20)); }), HasSubstr("does not answer"));
}

TEST_F(GuestPortTest, OfAGuestThatHangsUpIsMissingEvidence) {
  guest_.reset();
  EXPECT_THAT(error_of([&] { port_.read_line(milliseconds(500)); }), HasSubstr("closed"));
  EXPECT_THAT(error_of([&] { port_.write("hello", milliseconds(500)); }), HasSubstr("write"));
}

TEST_F(GuestPortTest, TakesNoMoreThanItsLimit) {
  guest_says(std::string(5000, 'a'));
  EXPECT_THAT(error_of([&] { port_.read_line(milliseconds(500)); }), HasSubstr("more than 4096"));
}

TEST_F(GuestPortTest, DoesNotWaitForAGuestThatReadsNothing) {
  EXPECT_THAT(error_of([&] { port_.write(std::string(64 << 20, 'a'), milliseconds(50)); }),
              HasSubstr("does not answer"));
}

}  // namespace
}  // namespace skillaudit
