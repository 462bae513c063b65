#include "mprofpp/leak/leak_fold.hpp"

#include <doctest/doctest.h>

#include <map>

#include "leak/made_curves.hpp"

using namespace mprofpp;
using namespace mprofpp::leak;

namespace {

constexpr pid_t root = 100;
constexpr double hour = 3600;

Instant at(double seconds) {
  return instant_from_seconds(curve_start + seconds).value();
}

/// The MiB that the processes have at a tick.
using Memory = std::map<pid_t, double>;

/// Feeds a fold with an hour of a tree, which has 1200 ticks.
class Tree {
 public:
  explicit Tree(Question question = {}) : fold_(std::move(question)) {
    model::Settings settings;
    settings.metric = model::Metric::rss;
    settings.roots = {root};
    settings.children = model::Children::summed_and_apart;
    settings.host_memory = Bytes::from_mebibytes(2048);
    settings.start = at(0);
    fold_.take(settings);
    start(root, 0, "main");
  }

  void start(pid_t pid, double seconds, std::string name) {
    const auto number = static_cast<std::uint64_t>(pid + 1000 * ++started_);
    fold_.take(model::Process{{pid, number}, pid == root ? 1 : root, at(seconds), name, name});
  }
  void exit(pid_t pid, double seconds) { fold_.take(model::Exit{pid, at(seconds), 0}); }
  void tick(double seconds, const Memory& memory) {
    double total = 0;
    for (const auto& [pid, mib] : memory) total += mib;
    fold_.take(model::Sample{total, at(seconds)});
    for (const auto& [pid, mib] : memory) {
      if (pid != root) fold_.take(model::ChildSample{pid, mib, at(seconds)});
    }
  }
  /// Takes the memory at each tick from memory(t), where t is from 0 to 1.
  template <class MemoryAt>
  LeakReport hour_of(MemoryAt memory_at) {
    for (int i = 0; i <= 1200; ++i) tick(3.0 * i, memory_at(i / 1200.0));
    return fold_.report();
  }

  LeakFold& fold() { return fold_; }

 private:
  LeakFold fold_;
  int started_ = 0;
};

const Judgement& of_process(const LeakReport& report, pid_t pid) {
  for (const auto& process : report.deciding().processes) {
    if (process.id.pid == pid) return process.judgement;
  }
  FAIL("no judgement of process ", pid);
  return report.deciding().judgement;
}

}  // namespace

TEST_CASE("a recording without samples has no judgement") {
  CHECK(Tree().fold().report().metrics.empty());
}

TEST_CASE("the worker that leaks decides, and the others are steady") {
  Tree tree;
  for (const pid_t pid : {101, 102, 103}) tree.start(pid, 0, "worker");
  const auto report = tree.hour_of([](double t) {
    return Memory{{root, 20}, {101, 50 + 20 * saw_tooth(t, 60)}, {102, 50 + 8 * t}, {103, 50}};
  });
  CHECK(report.verdict() == Verdict::leak);
  REQUIRE(report.process());
  CHECK(report.process()->id.pid == 102);
  CHECK(report.process()->name == "worker");
  CHECK(report.deciding().judgement.rate.middle == doctest::Approx(8).epsilon(0.02));
  CHECK(report.deciding().processes.size() == 4);
  for (const pid_t pid : {root, 101, 103})
    CHECK(of_process(report, pid).verdict == Verdict::steady);
  CHECK_FALSE(report.deciding().growth);
}

TEST_CASE("of several workers that leak, the fastest one decides") {
  Tree tree;
  tree.start(101, 0, "slow");
  tree.start(102, 0, "fast");
  tree.start(103, 0, "slower");
  const auto report = tree.hour_of([](double t) {
    return Memory{{root, 20}, {101, 50 + 4 * t}, {102, 50 + 9 * t}, {103, 50 + 3 * t}};
  });
  CHECK(report.process()->name == "fast");
  CHECK(of_process(report, 101).verdict == Verdict::leak);
}

TEST_CASE("the root is what its children leave of the total, up to the last tick") {
  Tree tree;
  tree.start(101, 0, "worker");
  const auto report = tree.hour_of([](double t) {
    return Memory{{root, 20 + 6 * t}, {101, 50 + 30 * saw_tooth(t, 50)}};
  });
  REQUIRE(report.process());
  CHECK(report.process()->id.pid == root);
  const auto alone = made_curve(hour, 1201, [](double t) { return 20 + 6 * t; });
  const auto& rate = report.deciding().judgement.rate;
  const auto expected = judge(alone, alone.size()).rate;
  CHECK(rate.middle == doctest::Approx(expected.middle).epsilon(1e-4));
  CHECK(rate.low == doctest::Approx(expected.low).epsilon(1e-4));
  CHECK(rate.high == doctest::Approx(expected.high).epsilon(1e-4));
}

TEST_CASE("more and more processes are a leak of the tree") {
  Tree tree;
  int running = 0;
  const auto report = tree.hour_of([&](double t) {
    const int wanted = static_cast<int>(25 * t);
    while (running < wanted) tree.start(101 + running++, t * hour, "child");
    Memory memory = {{root, 20}};
    for (int i = 0; i < running; ++i) memory[101 + i] = 5;
    return memory;
  });
  CHECK(report.verdict() == Verdict::leak);
  CHECK_FALSE(report.process());
  CHECK(report.deciding().growth == TreeGrowth::number);
  CHECK(report.deciding().judgement.rate.middle == doctest::Approx(125).epsilon(0.1));
}

TEST_CASE("processes that each keep less than counts are a leak of the tree") {
  Tree tree;
  for (pid_t pid = 101; pid <= 112; ++pid) tree.start(pid, 0, "worker");
  const auto report = tree.hour_of([](double t) {
    Memory memory = {{root, 20}};
    for (pid_t pid = 101; pid <= 112; ++pid) memory[pid] = 50 + 0.055 * t;
    return memory;
  });
  CHECK(report.verdict() == Verdict::leak);
  CHECK_FALSE(report.process());
  CHECK(report.deciding().growth == TreeGrowth::each);
  CHECK(of_process(report, 105).verdict == Verdict::steady);
}

TEST_CASE(
    "a tree whose processes are all steady is steady, even if their sum is not enough to tell") {
  Tree tree;
  for (pid_t pid = 101; pid <= 104; ++pid) tree.start(pid, 0, "worker");
  const auto report = tree.hour_of([](double t) {
    Memory memory = {{root, 20}};
    for (pid_t pid = 101; pid <= 104; ++pid) memory[pid] = t < 0.22 * (pid - 100) ? 50 : 58;
    return memory;
  });
  CHECK(report.deciding().total.verdict == Verdict::unsure);
  CHECK(report.verdict() == Verdict::steady);
  CHECK(report.deciding().judgement.reason == Reason::every_process_steady);
}

TEST_CASE("workers that grow and are replaced are steady as a tree, and are reported") {
  Tree tree;
  pid_t worker = 100;
  int lives = 0;
  const auto report = tree.hour_of([&](double t) {
    if (worker == 100 || t * 8 >= lives) {
      if (worker > 100) tree.exit(worker, t * hour);
      tree.start(++worker, t * hour, "worker");
      ++lives;
    }
    return Memory{{root, 20}, {worker, 50 + 30 * (t * 8 - (lives - 1))}};
  });
  CHECK(report.verdict() == Verdict::steady);
  REQUIRE(report.replaced);
  CHECK(report.replaced->name == "worker");
  CHECK(report.replaced->lives >= 7);
  CHECK(report.replaced->leaking == report.replaced->lives);
  CHECK(report.replaced->mib_per_hour == doctest::Approx(240).epsilon(0.02));
}

TEST_CASE("a pid that belongs to another process is another curve") {
  Tree tree;
  tree.start(101, 0, "first");
  const auto report = tree.hour_of([&, is_second = false](double t) mutable {
    if (!is_second && t >= 0.5) {
      is_second = true;
      tree.start(101, t * hour, "second");
    }
    return Memory{{root, 20}, {101, is_second ? 50 + 20 * t : 30}};
  });
  CHECK(report.verdict() == Verdict::leak);
  CHECK(report.process()->name == "second");
  CHECK(report.deciding().processes.size() == 3);
}

TEST_CASE("a process that was seen for a short time is not judged alone") {
  Tree tree;
  tree.start(101, 0, "short");
  const auto report = tree.hour_of([&, has_exited = false](double t) mutable {
    if (t <= 0.35) return Memory{{root, 20}, {101, 50 + 20 * t}};
    if (!has_exited) tree.exit(101, t * hour);
    has_exited = true;
    return Memory{{root, 20}};
  });
  CHECK(report.deciding().processes.size() == 1);
  CHECK(report.verdict() == Verdict::steady);
}

TEST_CASE("the last tick of the root counts among the twelve that it needs") {
  Tree tree;
  tree.start(101, 0, "worker");
  for (int i = 0; i < 12; ++i) tree.tick(i, {{root, 20}, {101, 50}});
  CHECK(tree.fold().report().deciding().processes.size() == 2);
}

TEST_CASE("samples after the clock was set back are left out and counted") {
  Tree tree;
  const auto before = tree.hour_of([](double t) { return Memory{{root, 20 + 6 * t}}; });
  for (int i = 0; i < 50; ++i) tree.tick(100 + i, {{root, 1}});
  const auto after = tree.fold().report();
  CHECK(after.out_of_order == 50);
  CHECK(after.samples == before.samples);
  CHECK(after.verdict() == Verdict::leak);
  CHECK(after.deciding().judgement.rate.middle == before.deciding().judgement.rate.middle);
}

TEST_CASE("a window leaves out what is before and after it, of the root and of its children") {
  Question question;
  question.window = {at(0.4 * hour), at(0.8 * hour)};
  Tree tree(question);
  tree.start(101, 0, "worker");
  const auto report = tree.hour_of([](double t) {
    return Memory{{root, t < 0.4 ? 300 * t : (t > 0.8 ? 10 : 120 + 6 * t)}, {101, 50}};
  });
  CHECK(report.first >= question.window.begin);
  CHECK(report.last <= question.window.end);
  CHECK(report.verdict() == Verdict::leak);
  CHECK(report.deciding().judgement.rate.middle == doctest::Approx(6).epsilon(0.02));
  const auto& stretch = of_process(report, 101).stretch;
  REQUIRE(stretch);
  CHECK(stretch->from >= to_seconds(question.window.begin));
  CHECK(stretch->to <= to_seconds(question.window.end));
}

TEST_CASE("one process can be asked for") {
  Question question;
  question.pid = 101;
  Tree tree(question);
  tree.start(101, 0, "asked");
  tree.start(102, 0, "other");
  const auto report = tree.hour_of([](double t) {
    return Memory{{root, 20}, {101, 50}, {102, 50 + 8 * t}};
  });
  CHECK(report.verdict() == Verdict::steady);
  CHECK(report.process()->name == "asked");
}

TEST_CASE("the least growth that counts can be asked for") {
  Question question;
  question.least_growth = 10;
  const auto report = Tree(question).hour_of([](double t) { return Memory{{root, 20 + 6 * t}}; });
  CHECK(report.verdict() == Verdict::steady);
  CHECK(report.deciding().judgement.rate.high >= 10);
}

TEST_CASE("a leak reaches the memory of the machine after the time that its rate gives") {
  const auto report = Tree().hour_of([](double t) { return Memory{{root, 20 + 100 * t}}; });
  REQUIRE(report.limit);
  CHECK(report.limit->of == LimitReached::Of::host_memory);
  CHECK(report.limit->mib == 2048);
  CHECK(report.limit->hours == doctest::Approx((2048 - 120) / 100.0).epsilon(0.02));
}

TEST_CASE("a limit that was asked for counts instead of the machine's memory") {
  Question question;
  question.limit_mib = 320;
  const auto report = Tree(question).hour_of([](double t) { return Memory{{root, 20 + 100 * t}}; });
  REQUIRE(report.limit);
  CHECK(report.limit->of == LimitReached::Of::limit);
  CHECK(report.limit->hours == doctest::Approx(2).epsilon(0.06));
}

TEST_CASE("the longest time between two samples is reported") {
  Tree tree;
  for (int i = 0; i < 100; ++i) tree.tick(i < 60 ? i : i + 40, {{root, 20}});
  CHECK(tree.fold().report().longest_gap == doctest::Approx(41));
}

TEST_CASE("private memory decides where it was recorded, and the other metric is reported too") {
  LeakFold fold;
  model::Settings settings;
  settings.metric = model::Metric::rss;
  settings.metrics = {model::Metric::uss};
  fold.take(settings);
  for (int i = 0; i <= 1200; ++i) {
    const double t = i / 1200.0;
    fold.take(model::Sample{500, at(3.0 * i), {{model::Metric::uss, 100 + 6 * t}}});
  }
  const auto report = fold.report();
  CHECK(report.deciding().metric == model::Metric::uss);
  CHECK(report.verdict() == Verdict::leak);
  REQUIRE(report.metrics.size() == 2);
  CHECK(report.metrics[1].metric == model::Metric::rss);
  CHECK(report.metrics[1].judgement.verdict == Verdict::steady);
}

TEST_CASE("a metric that was read in the first half only does not decide") {
  LeakFold fold;
  model::Settings settings;
  settings.metric = model::Metric::rss;
  settings.metrics = {model::Metric::uss};
  fold.take(settings);
  for (int i = 0; i <= 1200; ++i) {
    model::Sample sample{500, at(3.0 * i)};
    if (i < 600) sample.extra_readings = {{model::Metric::uss, 100 + i / 100.0}};
    fold.take(sample);
  }
  CHECK(fold.report().deciding().metric == model::Metric::rss);
}

TEST_CASE("damaged lines are counted, and the first one is kept") {
  Tree tree;
  tree.fold().take(model::Damage{7, "first"});
  tree.fold().take(model::Damage{9, "second"});
  const auto report = tree.hour_of([](double) { return Memory{{root, 20}}; });
  CHECK(report.damaged_lines == 2);
  CHECK(report.first_damage->line == 7);
}

TEST_CASE("a report can be asked for again after more records") {
  Tree tree;
  for (int i = 0; i < 5; ++i) tree.tick(i - 10, {{root, 20}});
  CHECK(tree.fold().report().verdict() == Verdict::unsure);
  const auto report = tree.hour_of([](double t) { return Memory{{root, 20 + 6 * t}}; });
  CHECK(report.verdict() == Verdict::leak);
}
