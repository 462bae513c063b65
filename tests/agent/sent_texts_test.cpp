#include "core/sent_texts.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "mprofpp/ring/ring.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;

namespace {

struct Fixture {
  Fixture() { REQUIRE(writer.begin({folder.path().c_str(), 42, 42, 1, 2}, 64)); }
  ~Fixture() { writer.forget(); }

  std::uint64_t write(const std::string& text, std::uint32_t generation = 1) {
    return texts->write(writer, generation, {text.data(), text.size()});
  }
  /// Returns the texts that were written since the last call.
  std::vector<std::string> written() {
    if (!reader) reader = std::make_unique<ring::Ring>(*ring::Ring::open(folder / "42.2.0.ring"));
    std::vector<std::string> found;
    const auto count = reader->drain(ring::WriterState::running, [&](const ring::Record& record) {
      const auto& piece = std::get<wire::Text>(record);
      found.emplace_back(piece.bytes, piece.length);
    });
    CHECK(count.has_value());
    return found;
  }

  test::TemporaryFolder folder;
  wire::Writer writer;
  std::unique_ptr<agent::SentTexts> texts = std::make_unique<agent::SentTexts>();
  std::unique_ptr<ring::Ring> reader;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a text is written once, and always has the same id") {
  const auto id = write("load");
  CHECK(write("load") == id);
  CHECK(write("save") != id);
  CHECK(written() == Texts{"load", "save"});
  write("load");
  CHECK(written().empty());
}

TEST_CASE_FIXTURE(Fixture, "a new ring gets the text again") {
  write("load", 1);
  write("load", 2);
  CHECK(written() == Texts{"load", "load"});
}

TEST_CASE_FIXTURE(Fixture, "a text for which there was no room is written again") {
  // without system calls the ring cannot grow
  writer.stay_quiet();
  while (writer.write_text(7, {"", 0})) continue;
  write("load");
  written();
  write("load");
  CHECK(written() == Texts{"load"});
}
