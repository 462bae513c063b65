#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/mark/decode.hpp"
#include "mprofpp/mark/image.hpp"
#include "mprofpp/wire/record.hpp"
#include "support/collector.hpp"

/// Records and rings as processes write them, and as no process would.
namespace mprofpp::test {

inline wire::Event event(wire::Kind kind, std::uint64_t call, std::uint64_t microseconds) {
  wire::Event made{};
  made.kind = kind;
  made.thread = 7;
  made.time = microseconds * 1000;
  made.call = call;
  made.rss = 1 << 20;
  return made;
}

inline wire::Event enter(std::uint64_t call, std::uint64_t microseconds, std::uint64_t what = 1) {
  auto made = event(wire::Kind::enter, call, microseconds);
  made.what = what;
  return made;
}

inline wire::Event leave(std::uint64_t call, std::uint64_t microseconds) {
  return event(wire::Kind::leave, call, microseconds);
}

inline wire::Text text(std::uint64_t id, std::string_view bytes, bool is_last = true) {
  wire::Text made{};
  made.kind = wire::Kind::text;
  made.id = id;
  made.is_last = is_last;
  made.length = static_cast<std::uint16_t>(bytes.size());
  std::memcpy(made.bytes, bytes.data(), bytes.size());
  return made;
}

/// The bytes of a slot.
template <class R>
std::string slot(std::uint64_t sequence, const R& record) {
  std::string bytes(sizeof(wire::Slot), '\0');
  std::memcpy(bytes.data(), &sequence, sizeof sequence);
  std::memcpy(bytes.data() + sizeof sequence, &record, sizeof record);
  return bytes;
}

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// A ring's heading as a process of pid 42 fills it in.
inline std::string heading(std::uint32_t slots = 64) {
  using wire::Heading;
  std::string bytes(sizeof(Heading), '\0');
  put(bytes, offsetof(Heading, magic), wire::magic);
  put(bytes, offsetof(Heading, stamp), wire::stamp);
  put(bytes, offsetof(Heading, slots), slots);
  put(bytes, offsetof(Heading, pid), std::uint32_t{42});
  put(bytes, offsetof(Heading, writer), std::uint32_t{42});
  put(bytes, offsetof(Heading, start), std::uint64_t{1000});
  put(bytes, offsetof(Heading, begun), std::uint64_t{2000});
  return bytes;
}

/// Time as it is told, a MEM line of 10 MiB, or the process's own reading.
class FixedBackground : public mark::Background {
 public:
  Instant instant_of(std::uint64_t nanoseconds) const override {
    return Instant(Duration(static_cast<std::int64_t>(nanoseconds)));
  }
  double memory_at(Instant, pid_t, const std::optional<double>& rss) const override {
    return rss.value_or(10);
  }
};

/// An image of process 42 whose functions 1, 2 and 3 have the names a, b and c.
class Told {
 public:
  explicit Told(mark::GroupingRule rule = {}, Selection selection = {}, mark::Namer namer = {})
      : selection_(std::move(selection)), rule_(rule), image(make(std::move(namer))) {
    for (const auto* name : {"a", "b", "c"}) {
      image.take(text(static_cast<std::uint64_t>(*name - 'a' + 1), name));
    }
  }

  template <class... Records>
  void take(const Records&... records) {
    (image.take(mark::Record(records)), ...);
  }
  std::vector<model::Call> calls() const { return out.of<model::Call>(); }

 private:
  mark::Image make(mark::Namer namer) {
    return {process_, mark::Functions(selection_, texts_, std::move(namer)), rule_, background_,
            out};
  }

  std::shared_ptr<mark::Process> process_ = std::make_shared<mark::Process>(mark::Process{42, {}});
  FixedBackground background_;
  Selection selection_;
  mark::Texts texts_;
  mark::GroupingRule rule_;

 public:
  Collector out;
  mark::Image image;
};

}  // namespace mprofpp::test
