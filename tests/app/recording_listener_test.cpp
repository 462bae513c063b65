#include "summary/recording_listener.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;
using Hints = RecordingListener::Hints;

TEST_CASE("a recording that stops early is reported, and that the program keeps running") {
  const test::Captured captured;
  RecordingListener listener(captured.console(), Hints::left_out);
  listener.stopped({Errc::io, "x.dat", "cannot write: no space left on device"});
  CHECK(captured.err() ==
        "mprofpp: x.dat: cannot write: no space left on device\n"
        "mprofpp: the recording stops here; the program keeps running\n");
}

TEST_CASE("a longer interval is noted only if hints are printed") {
  const test::Captured quiet;
  RecordingListener(quiet.console(), Hints::left_out).slowed_down(Bytes::from_mebibytes(1), 1s);
  CHECK(quiet.err().empty());
  const test::Captured usual;
  RecordingListener(usual.console(), Hints::printed).slowed_down(Bytes::from_mebibytes(1), 1s);
  CHECK(usual.err() ==
        "mprofpp: the recording has reached 1.0 MiB: from here on one sample every 1.0 s\n");
}
