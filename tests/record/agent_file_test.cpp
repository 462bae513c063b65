#include "mprofpp/record/marks/agent_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "record/agent_library.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using record::check_agent;
using test::agent_note;
using test::library_with_notes;
using test::TemporaryFolder;

namespace {

Errc error_of(const std::string& path) {
  const auto checked = check_agent(path);
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().place == path);
  return checked.error().code;
}

/// Returns a note of another program, with a name and a content that are padded to four bytes.
std::string other_note() {
  const Elf64_Nhdr header{4, 5, 1};
  return test::bytes_in(header) + std::string(
                                      "GNU\0"
                                      "12345\0\0\0",
                                      12);
}

}  // namespace

TEST_CASE("the agent of this build is accepted") {
  const TemporaryFolder folder;
  CHECK(check_agent(folder.write("agent.so", test::agent_library())).has_value());
}

TEST_CASE("the agent is recognised by its note among others") {
  const TemporaryFolder folder;
  const auto notes = other_note() + agent_note() + other_note();
  CHECK(check_agent(folder.write("agent.so", library_with_notes(notes))).has_value());
}

TEST_CASE("a missing agent is reported with a hint") {
  const TemporaryFolder folder;
  CHECK(error_of(folder / "agent.so") == Errc::not_found);
  const auto file = folder.write("file", "");
  CHECK(error_of(file + "/agent.so") == Errc::not_found);
  CHECK_FALSE(check_agent(folder / "agent.so").error().hint.empty());
}

TEST_CASE("the agent of another build is refused") {
  const TemporaryFolder folder;
  const auto library = library_with_notes(agent_note(wire::stamp + 1));
  CHECK(error_of(folder.write("agent.so", library)) == Errc::unsupported);
}

TEST_CASE("a library without the agent's note is refused") {
  const TemporaryFolder folder;
  CHECK(error_of(folder.write("empty.so", library_with_notes(""))) == Errc::malformed);
  CHECK(error_of(folder.write("other.so", library_with_notes(other_note()))) == Errc::malformed);
}

TEST_CASE("a file that is not a 64-bit library is refused") {
  const TemporaryFolder folder;
  CHECK(error_of(folder.write("text", "#!/bin/sh\n")) == Errc::malformed);
  auto narrow = test::agent_library();
  narrow[EI_CLASS] = ELFCLASS32;
  CHECK(error_of(folder.write("narrow.so", narrow)) == Errc::malformed);
}

TEST_CASE("a folder and a pipe are refused, and reading the pipe does not block") {
  const TemporaryFolder folder;
  CHECK(error_of(folder.path()) == Errc::malformed);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(error_of(folder / "pipe") == Errc::malformed);
}

TEST_CASE("an agent that is cut at any byte is refused") {
  const TemporaryFolder folder;
  const auto whole = test::agent_library();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(error_of(folder.write("agent.so", whole.substr(0, length))) == Errc::malformed);
  }
}

TEST_CASE("a library with impossible numbers in its headers is refused") {
  const TemporaryFolder folder;
  const auto with = [&](std::size_t offset, std::uint64_t value) {
    auto library = library_with_notes(other_note());
    std::memcpy(library.data() + offset, &value, sizeof value);
    return folder.write("agent.so", library);
  };
  constexpr auto huge = ~std::uint64_t{0};
  CHECK(error_of(with(offsetof(Elf64_Ehdr, e_phoff), huge)) == Errc::malformed);
  CHECK(error_of(with(sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_offset), huge)) ==
        Errc::malformed);
  CHECK(error_of(with(sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_filesz), huge)) ==
        Errc::malformed);
  // a note that claims to be as large as possible
  CHECK(error_of(with(sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), huge)) == Errc::malformed);
}
