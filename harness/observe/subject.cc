#include "harness/observe/subject.h"

#include "harness/base/error.h"

namespace skillaudit {

void expect_alive(const Subject& subject) {
  if (const auto ended = subject.ending(kDying)) fail(ErrorKind::Evidence, "{}", ended->text);
}

}  // namespace skillaudit
