#include "mprofpp/record/marks/marks.hpp"

#include <doctest/doctest.h>
#include <elf.h>
#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/symbols/table.hpp"
#include "record/rings.hpp"
#include "ring/table_bytes.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::Child;
using test::Collector;
using test::enter;
using test::Guest;
using test::leave;
using test::MarkingProgram;
using test::pid_of_none;
using Which = Marks::Which;
namespace fs = std::filesystem;

namespace {

constexpr model::ProcessId process_of_none{pid_of_none, 5};

/// The marks of a run whose root is a child of the test.
class Fixture {
 public:
  explicit Fixture(MarkOptions wanted = {}) : options_(std::move(wanted)) {
    sampler_.tick(clock_.now(), proc::Scope::tree);
    REQUIRE(sampler_.members().size() == 1);
  }

  const model::ProcessId& process() const { return sampler_.members().front().id; }
  const std::string& folder() const { return marks.folder().path(); }
  /// Returns a time of the recording. Marks with times before its start are at 0 s.
  Instant at(Duration since_start) const { return clock_.start() + since_start; }

  /// Finds new rings and their processes. Returns the pids of processes that mark for the first time.
  std::vector<pid_t> find(const proc::Changes& changes = {}) {
    marks.find_rings();
    std::vector<pid_t> pids;
    for (const auto* member : marks.identify(sampler_, changes)) pids.push_back(member->id.pid);
    return pids;
  }
  void drain(Duration since_start, Which which = Which::all) {
    marks.drain(at(since_start), which);
  }
  std::vector<model::Call> calls() const { return out.of<model::Call>(); }

  const Child child;
  Collector out;

 private:
  const test::TemporaryFolder place_;
  MarkOptions options_;
  Clock clock_;
  proc::Sampler sampler_{proc::Roots{{child.pid()}, std::nullopt}, {}};
  MarkChannel channel_ = test::channel_in(place_.path());

 public:
  Marks marks{std::move(channel_.folder), std::move(channel_.rings), options_, clock_, out};
};

/// A table of a process with a function that was called once.
test::TableBytes table_of(const model::ProcessId& process) {
  test::TableBytes bytes({static_cast<std::uint32_t>(process.pid), process.start, 2});
  bytes.function(0, {.calls = 1, .ended = 1, .first_entry = 1 << 20});
  bytes.line(0, {.line = 11, .count = 1, .added = 1 << 20, .most = 2 << 20});
  bytes.allocated(65536);
  return bytes;
}

void keep(const std::string& folder, const model::ProcessId& process,
          const test::TableBytes& table) {
  const auto path = folder + "/" + std::to_string(process.pid) + ".2.lines";
  std::ofstream(path, std::ios::binary) << table.bytes();
}

bool none_is_written(pid_t) {
  return false;
}
bool each_is_written(pid_t) {
  return true;
}

proc::Member member(const model::ProcessId& id) {
  proc::Stat stat;
  stat.pid = id.pid;
  stat.start = id.start;
  return {stat, model::Metric::rss, Instant{}};
}

bool is_readable(int fd) {
  pollfd wanted{fd, POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 1;
}

}  // namespace

TEST_CASE("a call of a process that the sampler knows is written when it ends") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.name(1, "load");
  program.write(enter(5, 1));
  fixture.find();
  fixture.drain(0s);
  CHECK(fixture.calls().empty());
  program.write(leave(5, 2));
  fixture.drain(0s);
  REQUIRE(fixture.calls().size() == 1);
  const auto call = fixture.calls().front();
  CHECK(call.name == "load");
  CHECK(call.pid == fixture.process().pid);
  CHECK(call.level == 0);
  CHECK((call.t_in == fixture.at(0s) && call.t_out == fixture.at(0s)));
}

TEST_CASE("records wait in their ring until its process is known") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(5, 1), leave(5, 2));
  CHECK(fixture.marks.find_rings());
  fixture.drain(0s);
  CHECK(fixture.calls().empty());
  CHECK_FALSE(fixture.marks.is_marking(fixture.process().pid));
  fixture.find();
  CHECK_FALSE(fixture.marks.find_rings());
  CHECK(fixture.marks.is_marking(fixture.process().pid));
  fixture.drain(0s);
  CHECK(fixture.calls().size() == 1);
}

TEST_CASE(
    "a process is introduced with its first program that makes marks, not with the next one") {
  Fixture fixture;
  const MarkingProgram first(fixture.folder(), fixture.process(), 1);
  CHECK(fixture.find() == std::vector<pid_t>{fixture.process().pid});
  const MarkingProgram next(fixture.folder(), fixture.process(), 2);
  CHECK(fixture.find().empty());
}

TEST_CASE("an earlier process with the same pid is another process") {
  Fixture fixture;
  const auto [pid, start] = fixture.process();
  const MarkingProgram program(fixture.folder(), {pid, start - 1});
  CHECK(fixture.find().empty());
  CHECK(fixture.marks.find_rings());
}

TEST_CASE("a process whose exit the sampler has just found is identified") {
  for (const auto gone : {&proc::Changes::ended, &proc::Changes::ended_unnamed}) {
    Fixture fixture;
    MarkingProgram program(fixture.folder(), process_of_none);
    program.write(enter(5, 1), leave(5, 2));
    CHECK(fixture.find().empty());
    proc::Changes changes;
    (changes.*gone).push_back(member(process_of_none));
    CHECK(fixture.find(changes) == std::vector<pid_t>{pid_of_none});
    fixture.drain(0s);
    CHECK(fixture.calls().size() == 1);
  }
}

TEST_CASE("a mark at a point in time is written with its text") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.name(1, "phase 2");
  auto mark = test::event(wire::Kind::mark, 0, 1);
  mark.what = 1;
  program.write(mark);
  fixture.find();
  fixture.drain(0s);
  REQUIRE(fixture.out.of<model::PointMark>().size() == 1);
  CHECK(fixture.out.of<model::PointMark>().front() ==
        model::PointMark{fixture.at(0s), fixture.process().pid, "phase 2"});
}

TEST_CASE("a call has the values of the MEM line") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(5, 1), leave(5, 2));
  fixture.find();
  fixture.marks.add_memory(fixture.at(0s), 70, 0);
  fixture.drain(0s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK((fixture.calls().front().mib_in == 70 && fixture.calls().front().rss_in == 1));
}

TEST_CASE("a call that has been open for a second is written once before it ends") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.name(1, "serve");
  program.write(enter(5, 1));
  fixture.find();
  fixture.drain(500ms);
  CHECK(fixture.out.of<model::OpenCall>().empty());
  fixture.drain(2s);
  fixture.drain(4s);
  REQUIRE(fixture.out.of<model::OpenCall>().size() == 1);
  CHECK(fixture.out.of<model::OpenCall>().front().name == "serve");
  program.write(leave(5, 2));
  fixture.drain(5s);
  CHECK(fixture.calls().size() == 1);
}

TEST_CASE("short calls are written together once their second is over") {
  MarkOptions options;
  options.grouping.busy = 0;
  Fixture fixture(options);
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(1, 1), leave(1, 2), enter(2, 3), leave(2, 4));
  fixture.find();
  fixture.drain(0s);
  CHECK(fixture.out.records.empty());
  fixture.drain(2s);
  REQUIRE(fixture.out.of<model::CallGroup>().size() == 1);
  CHECK(fixture.out.of<model::CallGroup>().front().count == 2);
  CHECK(fixture.calls().empty());
}

TEST_CASE("an idle program is not read again at once, unless all programs are to be read") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  fixture.find();
  fixture.drain(0s, Which::due);
  program.write(enter(1, 1), leave(1, 2));
  fixture.drain(1ms, Which::due);
  CHECK(fixture.calls().empty());
  fixture.drain(1ms, Which::all);
  CHECK(fixture.calls().size() == 1);
  program.write(enter(2, 3), leave(2, 4));
  fixture.drain(1ms, Which::due);
  CHECK(fixture.calls().size() == 2);
}

TEST_CASE("lost marks are written several times a second at most, each loss once") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  fixture.find();
  program.drop(3);
  fixture.drain(0s);
  program.drop(2);
  fixture.drain(100ms);
  program.drop(4);
  fixture.drain(200ms);
  CHECK(fixture.out.of<model::Lost>().size() == 1);
  fixture.drain(300ms);
  fixture.marks.finish(fixture.at(1s), none_is_written);
  const auto lost = fixture.out.of<model::Lost>();
  REQUIRE(lost.size() == 2);
  CHECK(lost[0] == model::Lost{fixture.at(0s), model::Loss::marks, 3});
  CHECK(lost[1] == model::Lost{fixture.at(300ms), model::Loss::marks, 6});
  CHECK(fixture.marks.lost() == 9);
}

TEST_CASE("marks that a process lost right before its exit are written at the end") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  fixture.find();
  fixture.drain(0s);
  program.drop(2);
  fixture.marks.process_ended(fixture.process().pid, fixture.at(100ms));
  CHECK(fixture.marks.lost() == 2);
  fixture.marks.finish(fixture.at(100ms), none_is_written);
  REQUIRE(fixture.out.of<model::Lost>().size() == 1);
  CHECK(fixture.out.of<model::Lost>().front().count == 2);
}

TEST_CASE("the exit of a process ends its open calls and removes its ring") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(1, 1));
  fixture.find();
  fixture.drain(0s);
  program.write(enter(2, 2), leave(2, 3));
  const pid_t pid = fixture.process().pid;
  fixture.marks.process_ended(pid, fixture.at(5s));
  REQUIRE(fixture.calls().size() == 2);
  CHECK(fixture.calls()[0].flags == model::CallFlags{});
  CHECK(fixture.calls()[1].flags == model::CallFlags{.open = true});
  CHECK(fixture.calls()[1].t_out == fixture.at(5s));
  CHECK_FALSE(fs::exists(program.path()));
  CHECK_FALSE(fixture.marks.is_marking(pid));
  CHECK(fixture.marks.has_own_marks());
}

TEST_CASE("the exit of one process does not concern the marks of another") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  MarkingProgram other(fixture.folder(), process_of_none);
  program.write(enter(1, 1));
  other.write(enter(1, 1));
  proc::Changes changes;
  changes.ended.push_back(member(process_of_none));
  fixture.find(changes);
  fixture.drain(0s);
  fixture.marks.process_ended(1, fixture.at(1s));
  CHECK(fixture.calls().empty());
  fixture.marks.process_ended(pid_of_none, fixture.at(1s));
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().pid == pid_of_none);
  CHECK(fixture.marks.is_marking(fixture.process().pid));
}

TEST_CASE("a process that no sample saw is written with its marks") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), process_of_none);
  program.write(enter(1, 1));
  fixture.find();
  const auto now = fixture.at(3s);
  fixture.marks.write_unseen_processes(now, none_is_written);
  const auto& records = fixture.out.records;
  REQUIRE(records.size() == 3);
  CHECK(records[0] == Collector::Record(model::Process{process_of_none, 0, now, "", ""}));
  REQUIRE(std::holds_alternative<model::Call>(records[1]));
  CHECK(std::get<model::Call>(records[1]).pid == pid_of_none);
  CHECK(std::get<model::Call>(records[1]).t_out == now);
  CHECK(records[2] == Collector::Record(model::Exit{pid_of_none, now, std::nullopt}));
  CHECK_FALSE(fs::exists(program.path()));
  CHECK_FALSE(fixture.marks.is_marking(pid_of_none));
}

TEST_CASE("if the lines of a process are written already, only its marks are added") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), process_of_none);
  program.write(enter(1, 1), leave(1, 2));
  fixture.find();
  fixture.marks.write_unseen_processes(fixture.at(3s), each_is_written);
  CHECK(fixture.calls().size() == 1);
  CHECK(fixture.out.records.size() == 1);
}

TEST_CASE(
    "a process that is alive is not written as unseen, even if the sampler does not know it yet") {
  Fixture fixture;
  const Child other;
  MarkingProgram program(fixture.folder(), {other.pid(), proc::read_stat(other.pid())->start});
  program.write(enter(1, 1));
  fixture.find();
  fixture.marks.write_unseen_processes(fixture.at(1s), none_is_written);
  CHECK(fixture.out.records.empty());
  CHECK(fs::exists(program.path()));
  other.kill();  // it is a zombie now
  fixture.marks.write_unseen_processes(fixture.at(2s), none_is_written);
  CHECK(fixture.out.of<model::Process>().size() == 1);
}

TEST_CASE(
    "a program that another one has replaced ends at the latest when that one makes its first mark") {
  Fixture fixture;
  MarkingProgram first(fixture.folder(), fixture.process(), 1);
  first.write(enter(1, 1));
  fixture.find();
  fixture.drain(0s);
  MarkingProgram next(fixture.folder(), fixture.process(), 2);
  next.write(enter(1, 2));
  fixture.find();
  fixture.drain(5s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().flags == model::CallFlags{.open = true});
  CHECK(fixture.calls().front().t_out == fixture.at(0s));
  CHECK_FALSE(fs::exists(first.path()));
  CHECK(fs::exists(next.path()));
}

TEST_CASE("a program that is seen leaving twice left when that was first seen") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(1, 1));
  fixture.find();
  fixture.drain(0s);
  program.leave();
  fixture.drain(1s);
  CHECK(fixture.calls().empty());
  fixture.drain(2s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().t_out == fixture.at(1s));
}

TEST_CASE("a program whose exec has failed continues") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  program.write(enter(1, 1));
  fixture.find();
  program.leave();
  fixture.drain(1s);
  program.stay();
  fixture.drain(2s);
  program.leave();
  fixture.drain(3s);
  CHECK(fixture.calls().empty());
  fixture.drain(4s);
  CHECK(fixture.calls().size() == 1);  // a second look in a row finds it gone
}

TEST_CASE("the marks of several guests are handled in the order of time") {
  Fixture fixture;
  // two processes that exist; the ring of the lower pid is read first
  Guest inner(fixture.folder(), fixture.process(), 1);
  Guest outer(fixture.folder(), fixture.process(), ::getpid());
  inner.name(1, "inner");
  outer.name(2, "outer");
  inner.write(enter(11, 2, 1), leave(11, 3));
  outer.write(enter(12, 1, 2), leave(12, 4));
  fixture.find();
  fixture.drain(0s);
  const auto calls = fixture.calls();
  REQUIRE(calls.size() == 2);
  CHECK((calls[0].name == "inner" && calls[0].level == 1));
  CHECK((calls[1].name == "outer" && calls[1].level == 0));
}

TEST_CASE("a span of a guest is within the open call of its process") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  Guest guest(fixture.folder(), fixture.process(), ::getpid());
  program.write(enter(1, 1));
  fixture.find();
  fixture.drain(0s);
  guest.write(enter(2, 2), leave(2, 3));
  fixture.drain(0s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().level == 1);
  CHECK(fixture.calls().front().pid == fixture.process().pid);
}

TEST_CASE("the span of a guest that has exited ends") {
  Fixture fixture;
  Guest guest(fixture.folder(), fixture.process(), pid_of_none);
  guest.write(enter(1, 1));
  fixture.find();
  fixture.drain(4s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().flags == model::CallFlags{.open = true});
  CHECK(fixture.calls().front().t_out == fixture.at(4s));
  CHECK_FALSE(fs::exists(guest.path()));
}

TEST_CASE("marks in the name of a process do not count as its own") {
  Fixture fixture;
  Guest guest(fixture.folder(), fixture.process(), ::getpid());
  guest.write(enter(1, 1), leave(1, 2));
  fixture.find();
  CHECK(fixture.marks.is_marking(fixture.process().pid));
  CHECK(fixture.marks.memory_of_rings().empty());
  fixture.marks.finish(fixture.at(1s), none_is_written);
  CHECK(fixture.calls().size() == 1);
  CHECK_FALSE(fixture.marks.has_own_marks());
}

TEST_CASE("a ring without records is not a mark") {
  Fixture fixture;
  const MarkingProgram program(fixture.folder(), fixture.process());
  fixture.find();
  fixture.drain(0s);
  fixture.marks.finish(fixture.at(1s), none_is_written);
  CHECK_FALSE(fixture.marks.has_own_marks());
}

TEST_CASE(
    "the memory of the rings is known for each process, and not counted for one that leaves") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  const MarkingProgram unknown(fixture.folder(), process_of_none);
  fixture.find();
  const auto memory = fixture.marks.memory_of_rings();
  REQUIRE(memory.size() == 1);
  CHECK(memory.at(fixture.process().pid) == program.size());
  program.leave();
  fixture.drain(0s);
  CHECK(fixture.marks.memory_of_rings()[fixture.process().pid] == Bytes{});
}

TEST_CASE("the ring of another build is noticed, and a file that is not a ring is not") {
  Fixture fixture;
  std::ofstream(fixture.folder() + "/noise.ring") << "this is not a ring";
  CHECK_FALSE(fixture.marks.find_rings());
  CHECK_FALSE(fixture.marks.has_foreign_ring());
  auto header = test::header();
  test::put(header, offsetof(wire::RingHeader, stamp), wire::stamp + 1);
  std::ofstream(fixture.folder() + "/foreign.ring", std::ios::binary) << header;
  CHECK_FALSE(fixture.marks.find_rings());
  CHECK(fixture.marks.has_foreign_ring());
}

TEST_CASE("a ring that is half full rings the bell until that is silenced") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  CHECK_FALSE(is_readable(fixture.marks.bell()));
  for (std::uint64_t call = 1; call <= 32; ++call) program.write(enter(call, call));
  CHECK(is_readable(fixture.marks.bell()));
  fixture.marks.silence_bell();
  CHECK_FALSE(is_readable(fixture.marks.bell()));
}

TEST_CASE("the end of a recording ends all open calls, and writes processes that no sample saw") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  MarkingProgram unseen(fixture.folder(), process_of_none);
  program.write(enter(1, 1));
  unseen.write(enter(1, 1), leave(1, 2));
  fixture.find();
  fixture.marks.finish(fixture.at(9s), none_is_written);
  CHECK(fixture.out.of<model::Process>().size() == 1);
  REQUIRE(fixture.calls().size() == 2);
  CHECK(fixture.calls()[0].pid == pid_of_none);
  CHECK(fixture.calls()[1].flags == model::CallFlags{.open = true});
  CHECK(fixture.calls()[1].t_out == fixture.at(9s));
  CHECK_FALSE(fs::exists(program.path()));
  CHECK(fixture.marks.has_own_marks());
}

namespace {

constexpr std::uint64_t bias = 0x10000;
constexpr std::uint64_t address_of_load = 0x1010;

Elf64_Shdr section(Elf64_Word type, std::size_t offset, std::size_t size) {
  Elf64_Shdr made{};
  made.sh_type = type;
  made.sh_offset = offset;
  made.sh_size = size;
  return made;
}

/// Returns a library with more symbols than are read between two samples. All but one are empty: the
/// function `load` is at address_of_load.
std::string large_library() {
  constexpr std::size_t count = symbols::Table::most_symbols_between_samples + 1;
  constexpr std::string_view names("\0load\0", 6);
  std::vector<Elf64_Sym> symbols(count);
  symbols.back().st_name = 1;
  symbols.back().st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
  symbols.back().st_shndx = 1;
  symbols.back().st_value = address_of_load;
  symbols.back().st_size = 16;
  constexpr auto symbols_at = sizeof(Elf64_Ehdr);
  constexpr auto sections_at = symbols_at + count * sizeof(Elf64_Sym);
  constexpr auto names_at = sections_at + 3 * sizeof(Elf64_Shdr);
  Elf64_Shdr sections[] = {section(SHT_NULL, 0, 0),
                           section(SHT_SYMTAB, symbols_at, count * sizeof(Elf64_Sym)),
                           section(SHT_STRTAB, names_at, names.size())};
  sections[1].sh_link = 2;
  sections[1].sh_entsize = sizeof(Elf64_Sym);

  Elf64_Ehdr header{};
  // an own file, for the properties of this machine
  std::ifstream("/proc/self/exe", std::ios::binary)
      .read(reinterpret_cast<char*>(&header), sizeof header);
  header.e_type = ET_DYN;
  header.e_phoff = header.e_phnum = 0;
  header.e_shoff = sections_at;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 3;
  header.e_shstrndx = 2;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(symbols.data()), count * sizeof(Elf64_Sym));
  bytes.append(reinterpret_cast<const char*>(sections), sizeof sections);
  return bytes.append(names);
}

/// Makes a call of `load` in a library that is mapped at `bias`.
void call_load(MarkingProgram& program, const std::string& library) {
  program.name(7, library);
  wire::Module module{};
  module.kind = wire::Kind::module;
  module.path = 7;
  module.bias = module.begin = bias;
  module.end = 2 * bias;
  auto begin = enter(1, 1, bias + address_of_load);
  begin.flags = wire::address;
  program.write(module, begin, leave(1, 2));
}

}  // namespace

TEST_CASE("a name that takes too long to find is written at the end of the recording") {
  const test::TemporaryFolder folder;
  Fixture fixture;
  MarkingProgram program(fixture.folder(), fixture.process());
  call_load(program, folder.write("large.so", large_library()));
  fixture.find();
  fixture.drain(0s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().name == "large.so+0x1010");
  CHECK(fixture.out.of<model::Settings>().empty());
  fixture.marks.finish(fixture.at(1s), none_is_written);
  REQUIRE(fixture.out.of<model::Settings>().size() == 1);
  CHECK(fixture.out.of<model::Settings>().front().late_names ==
        std::vector<model::LateName>{{"large.so+0x1010", "load"}});
}

TEST_CASE("if functions are selected by name, all names are found at once") {
  const test::TemporaryFolder folder;
  MarkOptions options;
  options.selection = Selection({"lo*"}, {});
  Fixture fixture(options);
  MarkingProgram program(fixture.folder(), fixture.process());
  call_load(program, folder.write("large.so", large_library()));
  fixture.find();
  fixture.drain(0s);
  REQUIRE(fixture.calls().size() == 1);
  CHECK(fixture.calls().front().name == "load");
  fixture.marks.finish(fixture.at(1s), none_is_written);
  CHECK(fixture.out.of<model::Settings>().empty());
}

TEST_CASE("a process that counts lines is introduced, and its lines are recorded") {
  Fixture fixture;
  keep(fixture.folder(), fixture.process(), table_of(fixture.process()));
  CHECK(fixture.marks.find_rings());
  CHECK(fixture.find() == std::vector<pid_t>{fixture.process().pid});
  CHECK(fixture.marks.is_marking(fixture.process().pid));
  CHECK(fixture.marks.memory_of_rings().at(fixture.process().pid) == Bytes(65536));
  fixture.drain(1s);
  const auto lines = fixture.out.of<model::Line>();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].pid == fixture.process().pid);
  fixture.marks.process_ended(fixture.process().pid, fixture.at(2s));
  CHECK_FALSE(fixture.marks.is_marking(fixture.process().pid));
  CHECK(fixture.out.of<model::Line>().size() == 2);
}

TEST_CASE("a process that exited before it was found keeps its lines") {
  Fixture fixture;
  keep(fixture.folder(), process_of_none, table_of(process_of_none));
  CHECK(fixture.find().empty());
  fixture.marks.write_unseen_processes(fixture.at(1s), none_is_written);
  REQUIRE(fixture.out.of<model::Process>().size() == 1);
  CHECK(fixture.out.of<model::Process>()[0].id == process_of_none);
  CHECK(fixture.out.of<model::Line>().size() == 2);
  CHECK(fixture.out.of<model::Exit>().size() == 1);
}

TEST_CASE("marks and lines of a process that exited before it was found are written together") {
  Fixture fixture;
  MarkingProgram program(fixture.folder(), process_of_none);
  program.write(enter(5, 1), leave(5, 2));
  keep(fixture.folder(), process_of_none, table_of(process_of_none));
  CHECK(fixture.find().empty());
  fixture.marks.write_unseen_processes(fixture.at(1s), none_is_written);
  CHECK(fixture.out.of<model::Process>().size() == 1);
  CHECK(fixture.calls().size() == 1);
  CHECK(fixture.out.of<model::Line>().size() == 2);
}

TEST_CASE("the peak before a reset leaves out the memory of the table") {
  MarkOptions options;
  options.lines.emplace().with_peaks = true;
  Fixture fixture(options);
  auto table = table_of(fixture.process());
  table.highest((80 << 20) + 65536);
  keep(fixture.folder(), fixture.process(), table);
  fixture.find();
  CHECK(fixture.marks.peaks_before_resets().at(fixture.process().pid) == Bytes::from_mebibytes(80));
}

TEST_CASE("the result of counting lines exists only if it was wanted") {
  CHECK_FALSE(Fixture().marks.line_outcome().has_value());
  MarkOptions options;
  options.lines.emplace().patterns = {"none.*"};
  const Fixture fixture(options);
  const auto outcome = fixture.marks.line_outcome();
  REQUIRE(outcome.has_value());
  CHECK_FALSE(outcome->any);
  CHECK(outcome->unmatched.size() == 1);
}
